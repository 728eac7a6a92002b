package io.kappamesh.settings;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was given, before anything is judged: a file's lines, overridden by the environment, with references to secrets
 * resolved by Kafka's config providers. Not thread-safe.
 */
final class GivenSettings {
    private static final Logger LOG = LoggerFactory.getLogger(GivenSettings.class);

    static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

    private static final String ENVIRONMENT_PREFIX = "MESH_";
    static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]+:[^}]*}");

    /** There without being declared; an operator's {@code config.providers} replaces them. */
    private static final Map<String, String> STANDARD_PROVIDERS = Map.of(
            PROVIDERS,
            "env,file,dir",
            PROVIDERS + ".env.class",
            EnvVarConfigProvider.class.getName(),
            PROVIDERS + ".file.class",
            FileConfigProvider.class.getName(),
            PROVIDERS + ".dir.class",
            DirectoryConfigProvider.class.getName());

    /**
     * @param written the value as it was written: a reference stays a reference
     * @param value the value that counts
     * @param where file or variable
     */
    record Given(String written, String value, String where) {
        boolean isReference() {
            return REFERENCE.matcher(written).find();
        }
    }

    private final Map<String, Given> written = new TreeMap<>();
    private final List<String> problems;

    GivenSettings(List<String> problems) {
        this.problems = problems;
    }

    /** The variable that overrides a key: a leading {@code mesh.} is not repeated. */
    static String variable(String key) {
        String name = key.startsWith("mesh.") ? key.substring("mesh.".length()) : key;
        return ENVIRONMENT_PREFIX
                + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    void addFile(Path file) {
        Properties lines = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Object put(Object key, Object value) {
                if (containsKey(key)) {
                    problems.add("setting " + Redaction.key(String.valueOf(key)) + " in " + file
                            + ": is given twice; keep one");
                }
                return super.put(key, value);
            }
        };
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (IOException | UncheckedIOException | IllegalArgumentException unreadable) {
            problems.add(
                    "settings file " + file + ": cannot be read (" + unreadable + "); give a readable properties file");
        }
        add(lines.stringPropertyNames(), lines, file.toString());
    }

    void add(Map<String, String> values) {
        Properties lines = new Properties();
        lines.putAll(values);
        add(values.keySet(), lines, "the program");
    }

    private void add(Set<String> keys, Properties lines, String where) {
        for (String key : keys) {
            String value = lines.getProperty(key).trim();
            written.put(key, new Given(value, value, where));
        }
    }

    /** Variables without a value count as not there. */
    void addEnvironment(Map<String, String> environment, Set<String> keys) {
        Map<String, String> byVariable = new HashMap<>();
        List<String> links = new ArrayList<>();
        keys.forEach(key -> byVariable.put(variable(key), key));
        new TreeMap<>(environment).forEach((variable, text) -> {
            String value = text.trim();
            if (!variable.startsWith(ENVIRONMENT_PREFIX) || value.isEmpty()) {
                return;
            }
            if (ServiceLinks.isOne(variable, value)) {
                links.add(variable);
                return;
            }
            String key = byVariable.get(variable);
            if (key == null) {
                problems.add("environment variable " + variable + ": there is no such setting; unset it, or spell it "
                        + ENVIRONMENT_PREFIX + " and a key in upper case with _ for . and -");
            } else {
                written.put(key, new Given(value, value, variable));
            }
        });
        if (!links.isEmpty()) {
            LOG.warn(
                    "Passing over {}: Kubernetes sets them for a Service whose name begins with mesh; rename the Service, or set"
                            + " enableServiceLinks: false in the pod",
                    links);
        }
    }

    /** What was given, by key; {@code config.providers} and all below it are used up here. */
    Map<String, Given> resolved() {
        Map<String, String> providers = new HashMap<>();
        Map<String, Given> others = new TreeMap<>();
        written.forEach((key, given) -> {
            if (key.equals(PROVIDERS) || key.startsWith(PROVIDERS + ".")) {
                providers.put(key, given.value());
            } else {
                others.put(key, given);
            }
        });
        Map<String, String> used = providers.containsKey(PROVIDERS) ? providers : STANDARD_PROVIDERS;
        others.replaceAll((key, given) -> given.isReference() ? resolve(key, given, used) : given);
        return others;
    }

    /** One at a time, so that each reference that leads nowhere is named. */
    private Given resolve(String key, Given given, Map<String, String> providers) {
        Map<String, String> configs = new HashMap<>(providers);
        configs.put(key, given.written());
        try {
            Object value = new AbstractConfig(new ConfigDef(), configs, false)
                    .originals()
                    .get(key);
            if (value instanceof String text && !REFERENCE.matcher(text).find()) {
                return new Given(given.written(), text.trim(), given.where());
            }
        } catch (RuntimeException | LinkageError unresolved) {
            LOG.debug("{}: not resolved by {}", key, unresolved.getClass().getName());
        }
        problems.add(
                "setting " + Redaction.key(key) + " in " + given.where() + ": " + Redaction.references(given.written())
                        + " cannot be resolved: no such file, key or variable can be read, or no such provider is declared; write ${file:/path:key}, ${dir:/path:file} or ${env:NAME}");
        return given;
    }
}

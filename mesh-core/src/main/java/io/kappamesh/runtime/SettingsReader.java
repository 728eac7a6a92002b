package io.kappamesh.runtime;

import io.kappamesh.runtime.GivenSettings.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Judges what was given and makes {@link Settings} of it. One reader reads once; not thread-safe. */
final class SettingsReader {
    private static final Pattern USER_INFO = Pattern.compile("//[^/@]*@");
    private static final String TRANSACTION_TIMEOUT = "streams.producer.transaction.timeout.ms";
    private static final String HIDDEN = "[hidden]";

    private final ConfigDef definition = SettingKeys.definition();
    private final Map<String, ConfigKey> streamsKeys = StreamsKeys.known();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Given> given;

    private SettingsReader(Consumer<GivenSettings> source, Map<String, String> environment) {
        GivenSettings sources = new GivenSettings(problems);
        Set<String> overridable = new TreeSet<>(definition.names());
        overridable.addAll(streamsKeys.keySet());
        source.accept(sources);
        sources.addEnvironment(environment, overridable);
        this.given = sources.resolved();
    }

    static Settings read(Consumer<GivenSettings> source, Map<String, String> environment) {
        return new SettingsReader(source, environment).judged();
    }

    private Settings judged() {
        given.forEach(this::judge);
        definition.configKeys().forEach((name, key) -> {
            if (!key.hasDefault() && !given.containsKey(name)) {
                problems.add(
                        "setting " + name + ": is required; set it in the file or as " + GivenSettings.variable(name));
            }
        });
        if (problems.isEmpty()) {
            contradictions();
        }
        StartupException.throwIfAny(ExitCode.CONFIGURATION, problems);
        return settings();
    }

    private void judge(String key, Given value) {
        ConfigKey known = definition.configKeys().get(key);
        if (known != null) {
            judge(known, key, value);
        } else if (!key.startsWith(StreamsKeys.PREFIX)) {
            refuse(key, "there is no such setting; see the list of settings");
        } else if (!StreamsKeys.isFreeForm(key)) {
            known = streamsKeys.get(key);
            if (known == null) {
                refuse(key, "there is no such setting; " + StreamsKeys.hint(key));
                return;
            }
            String shown = shown(key, known, value);
            StreamsKeys.refusal(key, value.value())
                    .ifPresentOrElse(
                            why -> refuse(key, shown + " is refused, because the library decides this: " + why),
                            () -> judge(streamsKeys.get(key), key, value));
        }
    }

    private void judge(@Nullable ConfigKey rule, String key, Given value) {
        if (rule == null) {
            return;
        }
        try {
            Object parsed = ConfigDef.parseType(key, value.value(), rule.type);
            if (rule.validator != null) {
                rule.validator.ensureValid(key, parsed);
            }
        } catch (ConfigException refused) {
            String expected = rule.validator == null ? rule.type.toString() : rule.type + " " + rule.validator;
            refuse(key, "expected " + expected + " but was " + shown(key, rule, value));
        }
    }

    private void contradictions() {
        Given protocol = given.get(SettingKeys.SECURITY_PROTOCOL);
        String secured = protocol == null ? "PLAINTEXT" : protocol.value();
        for (String key : given.keySet()) {
            if (key.startsWith("sasl.") && !secured.startsWith("SASL_")) {
                refuse(
                        key,
                        "has no effect with security.protocol=" + secured
                                + "; set SASL_SSL or SASL_PLAINTEXT, or drop it");
            }
            if (key.startsWith("ssl.") && !secured.endsWith("SSL")) {
                refuse(key, "has no effect with security.protocol=" + secured + "; set SSL or SASL_SSL, or drop it");
            }
        }
        String basic = value(SettingKeys.BASIC_AUTH_SOURCE, "URL");
        if (given.containsKey(SettingKeys.BASIC_AUTH_USER_INFO) && !basic.equals("USER_INFO")) {
            refuse(
                    SettingKeys.BASIC_AUTH_USER_INFO,
                    "has no effect with " + SettingKeys.BASIC_AUTH_SOURCE + "=" + basic + "; set that to USER_INFO");
        }
        if (given.containsKey(SettingKeys.BEARER_AUTH_SOURCE) && given.containsKey(SettingKeys.BASIC_AUTH_SOURCE)) {
            refuse(
                    SettingKeys.BEARER_AUTH_SOURCE,
                    "contradicts " + SettingKeys.BASIC_AUTH_SOURCE + "; keep one of them");
        }
        Duration timeout = Duration.ofMillis(Long.parseLong(value(TRANSACTION_TIMEOUT, "30000")));
        for (String key : List.of(SettingKeys.COMMIT_INTERVAL_LIVE, SettingKeys.COMMIT_INTERVAL_REPLAY)) {
            String interval =
                    value(key, String.valueOf(definition.defaultValues().get(key)));
            if (Durations.parse(interval).compareTo(timeout) >= 0) {
                refuse(
                        key,
                        interval + " is not shorter than a transaction may last, " + timeout.toMillis()
                                + " ms; shorten it or set " + TRANSACTION_TIMEOUT);
            }
        }
    }

    private String value(String key, String otherwise) {
        Given found = given.get(key);
        return found == null ? otherwise : found.value();
    }

    private void refuse(String key, String problem) {
        Given found = given.get(key);
        problems.add("setting " + key + (found == null ? "" : " in " + found.where()) + ": " + problem);
    }

    private Settings settings() {
        Map<String, String> raw = new HashMap<>();
        Map<String, String> streams = new HashMap<>();
        Map<String, String> shown = new TreeMap<>();
        given.forEach((key, value) -> {
            boolean through = key.startsWith(StreamsKeys.PREFIX);
            ConfigKey rule =
                    through ? streamsKeys.get(key) : definition.configKeys().get(key);
            shown.put(key, shown(key, rule, value));
            if (through) {
                streams.put(key.substring(StreamsKeys.PREFIX.length()), value.value());
            } else {
                raw.put(key, value.value());
            }
        });
        AbstractConfig values = new AbstractConfig(definition, raw, false);
        Map<String, Object> security = new HashMap<>();
        Map<String, Object> registry = new HashMap<>();
        values.values().forEach((key, value) -> {
            ConfigKey rule = definition.configKeys().get(key);
            if (rule == null || value == null || !raw.containsKey(key)) {
                return;
            }
            switch (rule.group) {
                case SettingKeys.SECURITY -> security.put(key, value);
                case SettingKeys.REGISTRY -> registry.put(key, Settings.reveal(value));
                default -> {}
            }
        });
        return new Settings(values, security, registry, streams, shown);
    }

    private static String shown(String key, @Nullable ConfigKey rule, Given value) {
        if (value.isReference()) {
            return value.written();
        }
        if (rule != null && rule.type == ConfigDef.Type.PASSWORD) {
            return HIDDEN;
        }
        return key.endsWith("url") ? USER_INFO.matcher(value.value()).replaceAll("//" + HIDDEN + "@") : value.value();
    }
}

package io.kappamesh.settings;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.RegistryClientJar;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.GivenSettings.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;

/** Judges what was given and makes {@link Settings} of it. One reader reads once; not thread-safe. */
final class SettingsReader {
    private static final String TRANSACTION_TIMEOUT = "streams.producer.transaction.timeout.ms";

    private final ConfigDef definition = SettingKeys.definition();
    private final Map<String, ConfigKey> streamsKeys = StreamsKeys.known();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> refused = new TreeSet<>();
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
        RegistryClientJar.problem().ifPresent(problem -> {
            throw new StartupException(ExitCode.CONFIGURATION, List.of(problem));
        });
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
        contradictions();
        registry();
        kafkaSecurity();
        if (refused.isEmpty()) {
            KafkaClientConfigs.problems(streams()).forEach(this::refuse);
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
            StreamsKeys.refusal(key, value.value())
                    .ifPresentOrElse(
                            why -> refuse(key, "is refused, because the library decides this: " + why),
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
        } catch (ConfigException wrong) {
            String expected = rule.validator == null ? rule.type.toString() : rule.type + " " + rule.validator;
            refuse(key, "expected " + expected + " but was " + Redaction.refused(rule, value));
        }
    }

    private void contradictions() {
        if (!refused.contains(SettingKeys.SECURITY_PROTOCOL)) {
            withoutEffect(value(SettingKeys.SECURITY_PROTOCOL, "PLAINTEXT"));
        }
        if (refused.contains(TRANSACTION_TIMEOUT)) {
            return;
        }
        Duration timeout = Duration.ofMillis(Long.parseLong(value(TRANSACTION_TIMEOUT, "30000")));
        for (String key : List.of(SettingKeys.COMMIT_INTERVAL_LIVE, SettingKeys.COMMIT_INTERVAL_REPLAY)) {
            String interval =
                    value(key, String.valueOf(definition.defaultValues().get(key)));
            if (!refused.contains(key) && Durations.parse(interval).compareTo(timeout) >= 0) {
                refuse(
                        key,
                        interval + " is not shorter than a transaction may last, " + timeout.toMillis()
                                + " ms; shorten it or set " + TRANSACTION_TIMEOUT);
            }
        }
    }

    private void withoutEffect(String secured) {
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
    }

    private void registry() {
        if (given.containsKey(SettingKeys.REGISTRY_URL) && isSound(SettingKeys.REGISTRY)) {
            SchemaRegistry.problems(raw(SettingKeys.REGISTRY)).forEach(this::refuse);
        }
    }

    private void kafkaSecurity() {
        if (isSound(SettingKeys.SECURITY)) {
            KafkaSecurity.problems(raw(SettingKeys.SECURITY)).forEach(this::refuse);
        }
    }

    /** Whether each setting of a group is valid for itself, so that all of them together can be judged. */
    private boolean isSound(String group) {
        return refused.stream()
                .map(definition.configKeys()::get)
                .noneMatch(rule -> rule != null && rule.group.equals(group));
    }

    private Map<String, String> raw(String group) {
        Map<String, String> raw = new HashMap<>();
        given.forEach((key, value) -> {
            ConfigKey rule = definition.configKeys().get(key);
            if (rule != null && rule.group.equals(group)) {
                raw.put(key, value.value());
            }
        });
        Given jaas = given.get(SaslConfigs.SASL_JAAS_CONFIG);
        if (group.equals(SettingKeys.REGISTRY) && jaas != null) {
            raw.put(SaslConfigs.SASL_JAAS_CONFIG, jaas.value());
        }
        return raw;
    }

    private Map<String, String> streams() {
        Map<String, String> streams = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(StreamsKeys.PREFIX)) {
                streams.put(key.substring(StreamsKeys.PREFIX.length()), value.value());
            }
        });
        return streams;
    }

    private String value(String key, String otherwise) {
        Given found = given.get(key);
        return found == null ? otherwise : found.value();
    }

    private void refuse(String key, String problem) {
        Given found = given.get(key);
        refused.add(key);
        problems.add("setting " + Redaction.key(key) + (found == null ? "" : " in " + found.where()) + ": " + problem);
    }

    private Settings settings() {
        Map<String, String> raw = new HashMap<>();
        Map<String, String> shown = new TreeMap<>();
        given.forEach((key, value) -> {
            boolean through = key.startsWith(StreamsKeys.PREFIX);
            ConfigKey rule =
                    through ? streamsKeys.get(key) : definition.configKeys().get(key);
            shown.put(key, Redaction.accepted(key, rule, value));
            if (!through) {
                raw.put(key, value.value());
            }
        });
        AbstractConfig values = new AbstractConfig(definition, raw, false);
        Map<String, Object> security = new HashMap<>();
        raw(SettingKeys.SECURITY).keySet().forEach(key -> {
            Object value = values.values().get(key);
            if (value != null) {
                security.put(key, value);
            }
        });
        Map<String, Object> registry = new HashMap<>(raw(SettingKeys.REGISTRY));
        return new Settings(values, security, registry, streams(), shown);
    }
}

package io.kappamesh.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Documents the settings from their definition, so that text and program cannot differ. */
final class SettingsTable {
    private SettingsTable() {}

    static String markdown() {
        ConfigDef definition = SettingKeys.definition();
        return table(SettingKeys.MESH, in(definition, SettingKeys.MESH))
                + table(SettingKeys.REGISTRY, in(definition, SettingKeys.REGISTRY))
                + "### " + SettingKeys.SECURITY + "\n\n"
                + "As Kafka documents them, for every client of the process: "
                + in(definition, SettingKeys.SECURITY).stream()
                        .map(key -> "`" + key.name + "`")
                        .sorted()
                        .collect(Collectors.joining(", "))
                + ".\n";
    }

    private static List<ConfigKey> in(ConfigDef definition, String group) {
        return definition.configKeys().values().stream()
                .filter(key -> group.equals(key.group))
                .sorted(Comparator.comparingInt(key -> key.orderInGroup))
                .toList();
    }

    private static String table(String title, List<ConfigKey> keys) {
        StringBuilder rows = new StringBuilder("### " + title + "\n\n");
        rows.append("| setting | variable | default | valid | meaning |\n|---|---|---|---|---|\n");
        for (ConfigKey key : keys) {
            rows.append(String.format(
                    "| `%s` | `%s` | %s | %s | %s |\n",
                    key.name, GivenSettings.variable(key.name), byDefault(key), valid(key), key.documentation.strip()));
        }
        return rows.append('\n').toString();
    }

    private static String byDefault(ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        return key.defaultValue == null ? "" : "`" + ConfigDef.convertToString(key.defaultValue, key.type) + "`";
    }

    private static String valid(ConfigKey key) {
        if (key.validator instanceof Durations) {
            return key.validator.toString();
        }
        String type = key.type.name().toLowerCase(Locale.ROOT);
        return key.validator == null ? type : type + ", " + key.validator;
    }
}

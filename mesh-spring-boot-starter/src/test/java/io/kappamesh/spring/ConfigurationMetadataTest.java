package io.kappamesh.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an IDE shows of {@code mesh.} in {@code application.yaml} is what the library reads. */
class ConfigurationMetadataTest {
    private static final Path FILE =
            Path.of("src/main/resources/META-INF/additional-spring-configuration-metadata.json");

    /** A row of {@link Settings#markdown()}: name, default and meaning. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([^`]+)` \\| `[^`]*` \\| (?:`([^`]*)`|required|) \\| .*? \\| (.*) \\|$");

    @Test
    void everySettingIsDescribed() throws IOException {
        String now = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(metadata()) + "\n";
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(FILE, now);
        }

        assertThat(now)
                .as("the metadata; write %s anew with -Dapi.update=true", FILE)
                .isEqualTo(Files.readString(FILE));
    }

    private static ObjectNode metadata() {
        ObjectNode all = new ObjectMapper().createObjectNode();
        all.putArray("groups").addObject().put("name", "mesh").put("description", "The data products of the service.");
        ArrayNode properties = all.putArray("properties");
        Matcher row = ROW.matcher(Settings.markdown());
        while (row.find()) {
            String name = row.group(1);
            if (!name.startsWith("mesh.http.")) {
                ObjectNode property = properties.addObject();
                property.put("name", name.startsWith("mesh.") ? name : "mesh." + name);
                property.put("type", "java.lang.String");
                property.put("description", row.group(3));
                if (row.group(2) != null) {
                    property.put("defaultValue", row.group(2));
                }
            }
        }
        properties
                .addObject()
                .put("name", "mesh.streams")
                .put("type", "java.util.Map<java.lang.String,java.lang.String>")
                .put("description", "What goes through to Kafka Streams and its clients.");
        assertThat(properties.size()).isGreaterThan(20);
        return all;
    }
}

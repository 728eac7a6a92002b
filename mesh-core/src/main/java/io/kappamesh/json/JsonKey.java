package io.kappamesh.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.mapping.JoinedKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are JSON objects, with or without the {@code schema} and {@code payload} of Kafka Connect's converter, as Debezium writes them: the
 * text is that of some of their fields, {@code 42} of {@code {"id":42}}. Immutable and thread-safe.
 */
public final class JsonKey implements KeyFormat {
    private static final int DEEPEST = 10;

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();
    private final List<String> fields;

    private JsonKey(List<String> fields) {
        this.fields = fields;
    }

    /**
     * The fields that make the key, in this order; of several the texts are joined by {@code |}, and a key with that character in one of them
     * is rejected.
     *
     * @throws DeclarationException without any
     */
    public static JsonKey of(String... fields) {
        if (fields.length == 0) {
            throw new DeclarationException(List.of("JSON key: name the fields that make it"));
        }
        return new JsonKey(List.of(fields));
    }

    @Override
    public Optional<String> text(byte[] bytes) {
        Map<String, String> values = new HashMap<>();
        try (JsonParser in = json.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            read(in, values, true);
            if (in.nextToken() != null) {
                return Optional.empty();
            }
        } catch (IOException noJson) {
            return Optional.empty();
        }
        List<@Nullable String> parts = new ArrayList<>();
        fields.forEach(field -> parts.add(values.get(field)));
        return JoinedKey.of(parts);
    }

    private void read(JsonParser in, Map<String, String> values, boolean outermost) throws IOException {
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            if (outermost && name.equals("payload") && token == JsonToken.START_OBJECT) {
                read(in, values, false);
            } else if (fields.contains(name)
                    && (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT)) {
                values.put(name, in.getText());
            } else {
                in.skipChildren();
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonKey key && fields.equals(key.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }
}

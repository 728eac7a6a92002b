package io.kappamesh.connect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kappamesh.json.JsonReader;
import io.kappamesh.mapping.ItemLimit;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Reads one message of Debezium in JSON, with or without the converter's {@code schema} and {@code payload}. Used once. */
final class JsonEnvelopes {
    private final JsonReader rows;
    private final ItemLimit items;
    private String operation = "";
    private @Nullable GenericRecord after;
    private @Nullable Long changed;
    private boolean changesSchema;
    private boolean isTombstone;

    private JsonEnvelopes(JsonReader rows, ItemLimit items) {
        this.rows = rows;
        this.items = items;
    }

    /** The message at which a parser stands; null = its payload is null, as that of a tombstone. */
    static @Nullable Envelope read(JsonParser in, JsonReader rows, ItemLimit items) throws IOException {
        JsonEnvelopes envelope = new JsonEnvelopes(rows, items);
        envelope.read(in);
        return envelope.isTombstone
                ? null
                : new Envelope(envelope.operation, envelope.after, envelope.changed, envelope.changesSchema);
    }

    private void read(JsonParser in) throws IOException {
        Set<String> names = new HashSet<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonReader.requireFirst(names.add(name));
            JsonToken token = in.nextToken();
            switch (name) {
                case "payload" -> {
                    isTombstone = token == JsonToken.VALUE_NULL;
                    if (token == JsonToken.START_OBJECT) {
                        read(in);
                    }
                }
                case "after" -> after = token == JsonToken.START_OBJECT ? rows.record(in, items) : null;
                case "op" -> {
                    operation = in.getValueAsString("");
                    in.skipChildren();
                }
                case "source" -> source(in);
                case "ddl" -> {
                    changesSchema = true;
                    in.skipChildren();
                }
                default -> in.skipChildren();
            }
        }
    }

    private void source(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            return;
        }
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            if (name.equals("ts_ms") && token == JsonToken.VALUE_NUMBER_INT) {
                JsonReader.requireFirst(changed == null);
                changed = in.getLongValue();
            } else {
                in.skipChildren();
            }
        }
    }
}

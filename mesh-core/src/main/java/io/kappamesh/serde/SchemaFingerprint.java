package io.kappamesh.serde;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * CRC-64-AVRO of a schema's canonical form and its logical types.
 *
 * <p>The canonical form alone leaves logical types out, and a store would read back a decimal of another scale as another
 * amount. For schemas without logical types this is exactly the fingerprint of Avro's single-object encoding.
 */
final class SchemaFingerprint {

    private final StringBuilder text;
    private final Set<String> seen = new HashSet<>();
    /** Where a logical type stands is part of it: two fields may have exchanged theirs. */
    private int place;

    private SchemaFingerprint(Schema schema) {
        text = new StringBuilder(SchemaNormalization.toParsingForm(schema));
        append(schema);
    }

    static long of(Schema schema) {
        return SchemaNormalization.fingerprint64(
                new SchemaFingerprint(schema).text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void append(Schema schema) {
        place++;
        if (schema.getLogicalType() != null) {
            text.append(' ')
                    .append(place)
                    .append(' ')
                    .append(schema.getLogicalType().getName());
            if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                text.append(decimal.getPrecision()).append(',').append(decimal.getScale());
            }
        }
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> append(field.schema()));
                }
            }
            case ARRAY -> append(schema.getElementType());
            case MAP -> append(schema.getValueType());
            case UNION -> schema.getTypes().forEach(this::append);
            default -> {}
        }
    }
}

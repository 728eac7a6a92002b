package io.kappamesh.avro;

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
final class Fingerprint {

    private Fingerprint() {}

    static long of(Schema schema) {
        StringBuilder text = new StringBuilder(SchemaNormalization.toParsingForm(schema));
        append(schema, text, new HashSet<>());
        return SchemaNormalization.fingerprint64(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void append(Schema schema, StringBuilder text, Set<String> seen) {
        if (schema.getLogicalType() != null) {
            text.append(' ').append(schema.getLogicalType().getName());
            if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                text.append(decimal.getPrecision()).append(',').append(decimal.getScale());
            }
        }
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> append(field.schema(), text, seen));
                }
            }
            case ARRAY -> append(schema.getElementType(), text, seen);
            case MAP -> append(schema.getValueType(), text, seen);
            case UNION -> schema.getTypes().forEach(branch -> append(branch, text, seen));
            default -> {}
        }
    }
}

package io.kappamesh.catalog;

import io.kappamesh.registry.SchemaFormats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * What one field of a port's records means, as its schema says. An immutable value.
 *
 * @param path {@code lines[].tax}
 * @param type in Avro's words, with its logical type: {@code decimal(12,2)}
 * @param doc empty = nobody has written it
 * @param classification empty = it is not classified
 * @param said what the schema says of it, {@code public} included; empty = nothing
 */
public record FieldMeaning(
        String path, String type, String doc, Optional<String> classification, Optional<String> said) {
    private static final int MOST = 1_000;

    /** Those of a schema, each before what is inside it; empty if the text is no schema of a record. */
    public static List<FieldMeaning> of(String schema) {
        List<FieldMeaning> fields = new ArrayList<>();
        parsed(schema).ifPresent(known -> collect("", known, new HashSet<>(), fields));
        return fields;
    }

    /** A schema that somebody else has published; empty = it cannot be read. */
    public static Optional<Schema> parsed(String text) {
        try {
            return Optional.of(SchemaFormats.parse(List.of(), text));
        } catch (RuntimeException | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }

    private static void collect(String prefix, Schema schema, Set<String> within, List<FieldMeaning> fields) {
        switch (schema.getType()) {
            case RECORD -> {
                if (within.add(schema.getFullName())) {
                    for (Schema.Field field : schema.getFields()) {
                        String path = prefix.isEmpty() ? field.name() : prefix + "." + field.name();
                        if (fields.size() < MOST) {
                            fields.add(new FieldMeaning(
                                    path,
                                    type(field.schema()),
                                    Optional.ofNullable(field.doc()).orElse(""),
                                    Classification.of(field),
                                    Classification.said(field).or(() -> Classification.of(field))));
                            collect(path, field.schema(), within, fields);
                        }
                    }
                    within.remove(schema.getFullName());
                }
            }
            case ARRAY -> collect(prefix + "[]", schema.getElementType(), within, fields);
            case MAP -> collect(prefix + "{}", schema.getValueType(), within, fields);
            case UNION -> schema.getTypes().forEach(branch -> collect(prefix, branch, within, fields));
            default -> {
                // has no fields
            }
        }
    }

    /** A type in words: {@code null | decimal(12,2)}. */
    public static String type(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        if (logical != null) {
            return logical.getName();
        }
        return switch (schema.getType()) {
            case UNION -> schema.getTypes().stream().map(FieldMeaning::type).collect(Collectors.joining(" | "));
            case ARRAY -> "array of " + type(schema.getElementType());
            case MAP -> "map of " + type(schema.getValueType());
            case RECORD, FIXED -> schema.getName();
            case ENUM -> schema.getEnumSymbols().stream().collect(Collectors.joining(", ", "enum(", ")"));
            default -> schema.getType().getName();
        };
    }
}

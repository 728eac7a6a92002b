package io.kappamesh.avro;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/** Why data of one schema cannot be read with another: Avro's rules and those for logical types, in plain words. */
final class Incompatibilities {

    /** A bound, because a record may be inside itself. */
    private static final int UNIONS_LOOKED_INTO = 4;

    private Incompatibilities() {}

    /** One sentence per reason, each beginning with the path of the field; empty if the reader can read it all. */
    static List<String> of(Schema reader, Schema writer) {
        List<String> reasons = new ArrayList<>(structural(reader, writer, UNIONS_LOOKED_INTO));
        reasons.addAll(LogicalTypeChanges.of(reader, writer));
        return reasons;
    }

    private static Set<String> structural(Schema reader, Schema writer, int depth) {
        Set<String> reasons = new LinkedHashSet<>();
        for (Incompatibility found : SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()) {
            String path = path(reader, found.getLocation());
            Set<String> inside = depth > 0 && found.getType() == SchemaIncompatibilityType.MISSING_UNION_BRANCH
                    ? insideUnion(found, depth - 1)
                    : Set.of();
            inside.forEach(reason -> reasons.add(path + ": " + reason));
            if (inside.isEmpty()) {
                reasons.add(path + " " + words(found));
            }
        }
        return reasons;
    }

    /** Avro only says that a branch does not fit; with a record of the same name on both sides, say why. */
    private static Set<String> insideUnion(Incompatibility union, int depth) {
        Set<String> reasons = new LinkedHashSet<>();
        for (Schema writer : branches(union.getWriterFragment())) {
            for (Schema reader : branches(union.getReaderFragment())) {
                if (writer.getType() == Schema.Type.RECORD
                        && reader.getType() == Schema.Type.RECORD
                        && reader.getName().equals(writer.getName())) {
                    reasons.addAll(structural(reader, writer, depth));
                }
            }
        }
        return reasons;
    }

    private static List<Schema> branches(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    }

    private static String words(Incompatibility found) {
        Schema reader = found.getReaderFragment();
        Schema writer = found.getWriterFragment();
        return switch (found.getType()) {
            case NAME_MISMATCH ->
                "is named %s in the reader and %s in the data".formatted(reader.getFullName(), writer.getFullName());
            case FIXED_SIZE_MISMATCH ->
                "is %d bytes in the reader and %d in the data".formatted(reader.getFixedSize(), writer.getFixedSize());
            case MISSING_ENUM_SYMBOLS ->
                "lacks the symbols %s, and the enum has no default".formatted(found.getMessage());
            case READER_FIELD_MISSING_DEFAULT_VALUE -> "is not in the data and has no default";
            case TYPE_MISMATCH -> "is %s in the reader and %s in the data".formatted(type(reader), type(writer));
            case MISSING_UNION_BRANCH ->
                "cannot take every type that the data may have: %s".formatted(found.getMessage());
        };
    }

    private static String type(Schema schema) {
        return schema.getType().getName();
    }

    /** A JSON pointer into the reader's schema, such as {@code /fields/2/type/items/fields/0}, as {@code Order.lines[].price}. */
    private static String path(Schema reader, String pointer) {
        StringBuilder path =
                new StringBuilder(reader.getType() == Schema.Type.RECORD ? reader.getName() : "the schema");
        Schema at = reader;
        Iterator<String> steps = List.of(pointer.split("/")).iterator();
        while (steps.hasNext()) {
            String step = steps.next();
            if (step.equals("fields") && at.getType() == Schema.Type.RECORD && steps.hasNext()) {
                Schema.Field field = at.getFields().get(Integer.parseInt(steps.next()));
                path.append('.').append(field.name());
                at = field.schema();
            } else if (step.equals("items") && at.getType() == Schema.Type.ARRAY) {
                path.append("[]");
                at = at.getElementType();
            } else if (step.equals("values") && at.getType() == Schema.Type.MAP) {
                path.append("{}");
                at = at.getValueType();
            }
        }
        return path.toString();
    }
}

package io.kappamesh.avro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes.Decimal;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes of meaning that Avro's own rules let through: the same bytes would be read as another amount or another time.
 *
 * <p>A decimal keeps its scale, may gain digits but not lose any, and does not appear or vanish; a logical type does not turn into
 * another. Adding or dropping any other logical type changes no number and is allowed.
 */
final class LogicalTypeChanges {

    private final List<String> found = new ArrayList<>();
    private final Set<Schema> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

    private LogicalTypeChanges() {}

    static List<String> of(Schema reader, Schema writer) {
        LogicalTypeChanges changes = new LogicalTypeChanges();
        String path = reader.getType() == Schema.Type.RECORD ? reader.getName() : "the schema";
        changes.compare(reader, Schema.applyAliases(writer, reader), path);
        return changes.found;
    }

    private void compare(Schema reader, Schema writer, String path) {
        if (reader.getType() == Schema.Type.UNION || writer.getType() == Schema.Type.UNION) {
            compareUnion(reader, writer, path);
        } else if (reader.getType() == Schema.Type.RECORD && writer.getType() == Schema.Type.RECORD) {
            compareRecord(reader, writer, path);
        } else if (reader.getType() == Schema.Type.ARRAY && writer.getType() == Schema.Type.ARRAY) {
            compare(reader.getElementType(), writer.getElementType(), path + "[]");
        } else if (reader.getType() == Schema.Type.MAP && writer.getType() == Schema.Type.MAP) {
            compare(reader.getValueType(), writer.getValueType(), path + "{}");
        } else {
            compareMeaning(reader.getLogicalType(), writer.getLogicalType(), path);
        }
    }

    private void compareUnion(Schema reader, Schema writer, String path) {
        for (Schema written : branches(writer)) {
            for (Schema read : branches(reader)) {
                boolean meet = written.getType() == read.getType()
                        && (written.getType() != Schema.Type.RECORD
                                || written.getName().equals(read.getName()));
                if (meet) {
                    compare(read, written, path);
                }
            }
        }
    }

    private static List<Schema> branches(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    }

    private void compareRecord(Schema reader, Schema writer, String path) {
        if (!underWay.add(reader)) {
            return;
        }
        for (Schema.Field field : reader.getFields()) {
            Schema.Field written = writer.getField(field.name());
            if (written != null) {
                compare(field.schema(), written.schema(), path + "." + field.name());
            }
        }
        underWay.remove(reader);
    }

    private void compareMeaning(@Nullable LogicalType reader, @Nullable LogicalType writer, String path) {
        if (reader instanceof Decimal read && writer instanceof Decimal written) {
            if (read.getScale() != written.getScale() || read.getPrecision() < written.getPrecision()) {
                found.add("%s is %s in the reader and %s in the data".formatted(path, words(read), words(written)));
            }
        } else if (reader instanceof Decimal || writer instanceof Decimal || bothGiven(reader, writer)) {
            if (reader == null || writer == null || !reader.getName().equals(writer.getName())) {
                found.add("%s is %s in the reader and %s in the data".formatted(path, words(reader), words(writer)));
            }
        }
    }

    private static boolean bothGiven(@Nullable LogicalType reader, @Nullable LogicalType writer) {
        return reader != null && writer != null;
    }

    private static String words(@Nullable LogicalType type) {
        if (type instanceof Decimal decimal) {
            return "decimal(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale());
        }
        return type == null ? "plain" : type.getName();
    }
}

package io.kappamesh.archive;

import io.kappamesh.declaration.DeclarationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** The columns of a Parquet file that a port reads, also within records, lists and maps. Whatever the other columns are is of no matter then. Stateless. */
final class ParquetProjection {
    private ParquetProjection() {}

    /**
     * Those columns, as the file stores them.
     *
     * @param reader the schema of the port, with the names of columns as aliases
     * @throws DeclarationException with every column of them that cannot be read
     */
    static MessageType of(MessageType stored, Schema reader) {
        List<Type> read = columns(stored, reader);
        MessageType projected = new MessageType("row", read.isEmpty() ? stored.getFields() : read);
        List<String> problems = new ArrayList<>();
        projected.getFields().forEach(column -> findTimesInLists(column, column.getName(), false, problems));
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return projected;
    }

    private static List<Type> columns(GroupType stored, Schema reader) {
        Map<String, List<Schema>> readers = new HashMap<>();
        for (Schema.Field field : reader.getFields()) {
            List<String> names = stored.containsField(field.name())
                    ? List.of(field.name())
                    : field.aliases().stream().filter(stored::containsField).toList();
            names.forEach(name ->
                    readers.computeIfAbsent(name, first -> new ArrayList<>()).add(field.schema()));
        }
        List<Type> read = new ArrayList<>();
        for (Type column : stored.getFields()) {
            List<Schema> as = readers.getOrDefault(column.getName(), List.of());
            if (!as.isEmpty()) {
                read.add(as.size() == 1 ? part(column, as.get(0)) : column);
            }
        }
        return read;
    }

    /** What is read of a column; all of it, where the reader's type is another. */
    private static Type part(Type stored, Schema reader) {
        Schema as = reader.getType() != Schema.Type.UNION
                ? reader
                : reader.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElse(reader);
        if (stored.isPrimitive()) {
            return stored;
        }
        GroupType group = stored.asGroupType();
        LogicalTypeAnnotation kind = group.getLogicalTypeAnnotation();
        return switch (as.getType()) {
            case RECORD -> kind == null ? ofRecord(group, as) : group;
            case ARRAY -> kind instanceof ListLogicalTypeAnnotation ? ofList(group, as.getElementType()) : group;
            case MAP -> kind instanceof MapLogicalTypeAnnotation ? ofMap(group, as.getValueType()) : group;
            default -> group;
        };
    }

    private static GroupType ofRecord(GroupType group, Schema reader) {
        List<Type> read = columns(group, reader);
        return read.isEmpty() ? group : group.withNewFields(read);
    }

    private static GroupType ofList(GroupType list, Schema reader) {
        Type repeated = list.getType(0);
        Type element = ParquetColumns.elementOf(list);
        Type read = part(element, reader);
        if (!element.equals(repeated)) {
            return list.withNewFields(repeated.asGroupType().withNewFields(read));
        }
        // With one field it would be taken for the group that others put around an element.
        return read.isPrimitive() || read.asGroupType().getFieldCount() == 1 ? list : list.withNewFields(read);
    }

    private static GroupType ofMap(GroupType map, Schema reader) {
        GroupType entry = map.getType(0).asGroupType();
        return map.withNewFields(entry.withNewFields(entry.getType(0), part(entry.getType(1), reader)));
    }

    /**
     * Parquet's reader for Avro compares the records of a list with the group around them, in a way that fails at times of 96 bits.
     *
     * @param compared whether the column is somewhere within such a record
     */
    private static void findTimesInLists(Type column, String path, boolean compared, List<String> problems) {
        if (column.isPrimitive()) {
            if (compared && column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
                problems.add("column " + path
                        + " has timestamps of 96 bits (INT96) within a list of records, which cannot be read here; write the"
                        + " file again with spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS in Spark");
            }
            return;
        }
        GroupType group = column.asGroupType();
        LogicalTypeAnnotation kind = group.getLogicalTypeAnnotation();
        if (kind instanceof ListLogicalTypeAnnotation) {
            Type repeated = group.getType(0);
            Type element = ParquetColumns.elementOf(group);
            boolean isCompared = !element.isPrimitive()
                    && element.getLogicalTypeAnnotation() == null
                    && repeated.asGroupType().getFieldCount() == 1;
            findTimesInLists(element, path + "[]", compared || isCompared, problems);
        } else if (kind instanceof MapLogicalTypeAnnotation) {
            findTimesInLists(group.getType(0).asGroupType().getType(1), path + "{}", compared, problems);
        } else {
            group.getFields()
                    .forEach(field -> findTimesInLists(field, path + "." + field.getName(), compared, problems));
        }
    }
}

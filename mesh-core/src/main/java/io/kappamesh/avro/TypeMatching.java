package io.kappamesh.avro;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which of a reader's types a type of the data is. Named types go by their names, never by their fields: the full name, else an
 * alias, else the name without its namespace if that leaves no choice. Everything else goes by type: the same one, else the first
 * that the data's can be promoted to, and before others one that means the same.
 */
final class TypeMatching {

    private static final Set<Schema.Type> NAMED = Set.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED);

    private static final Map<Schema.Type, Set<Schema.Type>> PROMOTIONS = Map.of(
            Schema.Type.INT, Set.of(Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE),
            Schema.Type.LONG, Set.of(Schema.Type.FLOAT, Schema.Type.DOUBLE),
            Schema.Type.FLOAT, Set.of(Schema.Type.DOUBLE),
            Schema.Type.STRING, Set.of(Schema.Type.BYTES),
            Schema.Type.BYTES, Set.of(Schema.Type.STRING));

    private TypeMatching() {}

    /**
     * The types that may be meant, best first. None: the reader has no such type. More than one of a named type: nobody can tell
     * which.
     *
     * @param readers the branches of the reader's union, or its one type
     * @param writer one type of the data
     * @param writers all branches of the data's union, or the one type
     */
    static List<Schema> of(List<Schema> readers, Schema writer, List<Schema> writers) {
        return NAMED.contains(writer.getType()) ? named(readers, writer, writers) : plain(readers, writer);
    }

    static boolean isNamed(Schema schema) {
        return NAMED.contains(schema.getType());
    }

    static boolean isPromotion(Schema.Type from, Schema.Type to) {
        return PROMOTIONS.getOrDefault(from, Set.of()).contains(to);
    }

    private static List<Schema> named(List<Schema> readers, Schema writer, List<Schema> writers) {
        List<Schema> alike = readers.stream()
                .filter(reader -> reader.getType() == writer.getType() && sharesName(reader, writer))
                .toList();
        for (List<Schema> exact : List.of(
                alike.stream().filter(reader -> hasFullName(reader, writer)).toList(),
                alike.stream().filter(reader -> hasAlias(reader, writer)).toList())) {
            if (!exact.isEmpty()) {
                return exact;
            }
        }
        return alike.stream()
                .filter(reader -> writers.stream().noneMatch(other -> takesItsPlace(other, writer, reader)))
                .toList();
    }

    /** Two types of the data are never read as one because they share a name in different namespaces. */
    private static boolean takesItsPlace(Schema other, Schema writer, Schema reader) {
        return other.getType() == writer.getType()
                && !other.getFullName().equals(writer.getFullName())
                && sharesName(reader, other);
    }

    private static boolean sharesName(Schema reader, Schema writer) {
        return reader.getName().equals(writer.getName())
                || hasAlias(reader, writer)
                || reader.getAliases().stream().anyMatch(alias -> simple(alias).equals(writer.getName()));
    }

    private static boolean hasFullName(Schema reader, Schema writer) {
        return reader.getFullName().equals(writer.getFullName());
    }

    private static boolean hasAlias(Schema reader, Schema writer) {
        return reader.getAliases().contains(writer.getFullName());
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<Schema> plain(List<Schema> readers, Schema writer) {
        Map<Boolean, List<Schema>> fitting = readers.stream()
                .filter(reader ->
                        reader.getType() == writer.getType() || isPromotion(writer.getType(), reader.getType()))
                .sorted((one, other) -> Integer.compare(rank(one, writer), rank(other, writer)))
                .collect(Collectors.partitioningBy(
                        reader -> LogicalTypeRules.change(reader, writer).isEmpty()));
        List<Schema> meaningTheSame = fitting.getOrDefault(true, List.of());
        return meaningTheSame.isEmpty() ? fitting.getOrDefault(false, List.of()) : meaningTheSame;
    }

    private static int rank(Schema reader, Schema writer) {
        boolean sameLogicalType = name(reader.getLogicalType()).equals(name(writer.getLogicalType()));
        return (reader.getType() == writer.getType() ? 0 : 2) + (sameLogicalType ? 0 : 1);
    }

    private static String name(@Nullable LogicalType type) {
        return type == null ? "" : type.getName();
    }
}

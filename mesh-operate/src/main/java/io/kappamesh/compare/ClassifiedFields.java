package io.kappamesh.compare;

import io.kappamesh.catalog.Classification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a port are not to be shown: those that the schema classifies with which a value was written, and those that the port's newest
 * schema classifies, also in values that are older. Thread-safe.
 */
final class ClassifiedFields {
    private static final String ELEMENT = "[]";

    private final @Nullable Schema newest;
    private final Map<String, Boolean> classified = new ConcurrentHashMap<>();
    private final Map<String, Boolean> classifiedWithin = new ConcurrentHashMap<>();

    /** @param newest schema of the port; null = it has none that can be read */
    ClassifiedFields(@Nullable Schema newest) {
        this.newest = newest;
    }

    /** Whether a field is classified, by the schema of either value or by the newest. */
    boolean has(FieldPath path, Schema.Field field, Schema.@Nullable Field other) {
        return Classification.of(field).isPresent()
                || (other != null && Classification.of(other).isPresent())
                || classified.computeIfAbsent(path.general(), this::isClassified);
    }

    /** Whether anything inside of values that are shown as a whole is classified by the newest schema; what their own say is masked in their text. */
    boolean isWithin(FieldPath path, @Nullable Object one, @Nullable Object other) {
        return (isComposite(one) || isComposite(other))
                && classifiedWithin.computeIfAbsent(path.general(), this::isClassifiedWithin);
    }

    private boolean isClassified(String path) {
        return fields(path).stream().anyMatch(field -> Classification.of(field).isPresent());
    }

    private boolean isClassifiedWithin(String path) {
        return !path.isEmpty()
                && types(path).stream().flatMap(ClassifiedFields::branches).anyMatch(Classification::isWithin);
    }

    /** The fields of the newest schema that a path may mean, by their names or by one that they had: however deep, and in types that contain themselves. */
    private List<Schema.Field> fields(String path) {
        int last = path.lastIndexOf('.');
        String name = path.substring(last + 1);
        return name.endsWith(ELEMENT)
                ? List.of()
                : (last < 0 ? Stream.ofNullable(newest) : types(path.substring(0, last)).stream())
                        .flatMap(ClassifiedFields::branches)
                        .filter(type -> type.getType() == Schema.Type.RECORD)
                        .flatMap(type -> type.getFields().stream())
                        .filter(field ->
                                field.name().equals(name) || field.aliases().contains(name))
                        .toList();
    }

    /** The types that a path may mean. */
    private List<Schema> types(String path) {
        if (!path.endsWith(ELEMENT)) {
            return fields(path).stream().map(Schema.Field::schema).toList();
        }
        return types(path.substring(0, path.length() - ELEMENT.length())).stream()
                .flatMap(ClassifiedFields::branches)
                .flatMap(type -> switch (type.getType()) {
                    case ARRAY -> Stream.of(type.getElementType());
                    case MAP -> Stream.of(type.getValueType());
                    default -> Stream.<Schema>empty();
                })
                .toList();
    }

    private static Stream<Schema> branches(Schema type) {
        return type.getType() == Schema.Type.UNION ? type.getTypes().stream() : Stream.of(type);
    }

    private static boolean isComposite(@Nullable Object value) {
        return value instanceof IndexedRecord || value instanceof List<?> || value instanceof Map<?, ?>;
    }

    /**
     * Whether a key may be shown: where nothing is classified, and where it is the text of a field that is not.
     *
     * @param values those of the key that can be read
     */
    boolean showsKey(String key, List<GenericRecord> values) {
        boolean isNothing = newest != null
                && !Classification.isWithin(newest)
                && values.stream().noneMatch(value -> Classification.isWithin(value.getSchema()));
        return isNothing
                || values.stream()
                        .anyMatch(value -> value.getSchema().getFields().stream()
                                .filter(field -> !has(new FieldPath(field.name(), field.name()), field, null))
                                .anyMatch(field -> key.equals(String.valueOf(value.get(field.pos())))));
    }
}

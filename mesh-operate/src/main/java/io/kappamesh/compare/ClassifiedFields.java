package io.kappamesh.compare;

import io.kappamesh.catalog.Classification;
import io.kappamesh.catalog.FieldMeaning;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a port are not to be shown: those that the schema classifies with which a value was written, and those that the port's newest
 * schema classifies, also in values that are older. Immutable.
 */
final class ClassifiedFields {
    private final @Nullable Schema newest;
    private final Set<String> published;

    /** @param newest schema of the port; null = it has none that can be read */
    ClassifiedFields(@Nullable Schema newest) {
        this.newest = newest;
        this.published = newest == null
                ? Set.of()
                : FieldMeaning.of(newest.toString()).stream()
                        .filter(field -> field.classification().isPresent())
                        .map(field -> field.path().replace("{}", "[]"))
                        .collect(Collectors.toSet());
    }

    /** Whether a field is classified, by the schema of either value or by the newest. */
    boolean has(FieldPath path, Schema.Field field, Schema.@Nullable Field other) {
        return Classification.of(field).isPresent()
                || (other != null && Classification.of(other).isPresent())
                || published.contains(path.general());
    }

    /** Whether anything inside of values that are shown as a whole is classified by the newest schema; what their own say is masked in their text. */
    boolean isWithin(FieldPath path, @Nullable Object one, @Nullable Object other) {
        return (isComposite(one) || isComposite(other))
                && published.stream()
                        .anyMatch(field ->
                                field.startsWith(path.general() + ".") || field.startsWith(path.general() + "["));
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

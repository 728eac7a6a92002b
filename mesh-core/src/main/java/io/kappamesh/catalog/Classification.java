package io.kappamesh.catalog;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * How a schema classifies what is not for everybody: the property {@code classification} of a field, or of its type. {@code public} is the
 * same as none. Stateless.
 */
public final class Classification {
    /** The property of a field or a type. */
    public static final String PROPERTY = "classification";

    private static final String PUBLIC = "public";

    private Classification() {}

    /** How a field is classified, by itself or by its type; empty = everybody may see it. */
    public static Optional<String> of(Schema.Field field) {
        return said(field).or(() -> of(field.schema())).filter(word -> !word.equals(PUBLIC));
    }

    /** How a type is classified, as itself or as what it is made of; empty = everybody may see it. */
    public static Optional<String> of(Schema type) {
        Stream<Schema> inside = switch (type.getType()) {
            case UNION -> type.getTypes().stream();
            case ARRAY -> Stream.of(type.getElementType());
            case MAP -> Stream.of(type.getValueType());
            default -> Stream.empty();
        };
        Optional<String> own = type.getType() == Schema.Type.UNION
                ? Optional.empty()
                : Optional.ofNullable(type.getObjectProp(PROPERTY)).map(Object::toString);
        return own.filter(word -> !word.isBlank() && !word.equals(PUBLIC))
                .or(() -> inside.flatMap(one -> of(one).stream()).findFirst());
    }

    /** What a field says of itself, be it {@code public}; empty = nothing. */
    public static Optional<String> said(Schema.Field field) {
        return Optional.ofNullable(field.getObjectProp(PROPERTY))
                .map(Object::toString)
                .filter(word -> !word.isBlank());
    }

    /** Whether anything in a schema is classified. */
    public static boolean isWithin(Schema schema) {
        return isWithin(schema, new HashSet<>());
    }

    private static boolean isWithin(Schema schema, Set<String> seen) {
        return of(schema).isPresent()
                || switch (schema.getType()) {
                    case RECORD ->
                        seen.add(schema.getFullName())
                                && schema.getFields().stream()
                                        .anyMatch(field -> of(field).isPresent() || isWithin(field.schema(), seen));
                    case UNION -> schema.getTypes().stream().anyMatch(branch -> isWithin(branch, seen));
                    case ARRAY -> isWithin(schema.getElementType(), seen);
                    case MAP -> isWithin(schema.getValueType(), seen);
                    default -> false;
                };
    }
}

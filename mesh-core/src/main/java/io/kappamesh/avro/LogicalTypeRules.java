package io.kappamesh.avro;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.LogicalTypes.Decimal;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes of meaning that Avro's own rules let through: the same bytes would be read as another amount or another time.
 *
 * <p>A decimal keeps its scale, may gain digits but not lose any, and does not appear or vanish; a logical type does not turn into
 * another. Adding or dropping any other logical type changes no number and is allowed.
 */
final class LogicalTypeRules {

    private LogicalTypeRules() {}

    /** In what two schemas of types that fit differ, to follow a path; empty if one means what the other does. */
    static Optional<String> change(Schema reader, Schema writer) {
        LogicalType read = reader.getLogicalType();
        LogicalType written = writer.getLogicalType();
        return keeps(read, written)
                ? Optional.empty()
                : Optional.of("is %s in the reader and %s in the data".formatted(words(read), words(written)));
    }

    /**
     * The logical types among the branches of a union that have one class in Java; empty if there is only one of each. A value read
     * as the one would be written as the other, and lose what that cannot hold.
     */
    static List<String> alikeInJava(List<Schema> branches) {
        Map<String, List<String>> byClass = branches.stream()
                .map(Schema::getLogicalType)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(
                        LogicalTypeRules::family,
                        TreeMap::new,
                        Collectors.mapping(LogicalTypeRules::words, Collectors.toList())));
        return byClass.values().stream()
                .filter(types -> types.size() > 1)
                .findFirst()
                .orElse(List.of());
    }

    /** {@code time-millis} and {@code time-micros} are a {@code LocalTime}; both kinds of decimals a {@code BigDecimal}. */
    private static String family(LogicalType type) {
        String name = type.getName();
        return isNumberInBytes(type) ? "decimal" : name.startsWith("time-") ? "time" : name;
    }

    private static boolean keeps(@Nullable LogicalType read, @Nullable LogicalType written) {
        if (read instanceof Decimal wide && written instanceof Decimal narrow) {
            return wide.getScale() == narrow.getScale() && wide.getPrecision() >= narrow.getPrecision();
        }
        if (read == null || written == null) {
            return !isNumberInBytes(read) && !isNumberInBytes(written);
        }
        return read.getName().equals(written.getName());
    }

    private static boolean isNumberInBytes(@Nullable LogicalType type) {
        return type instanceof Decimal || type instanceof LogicalTypes.BigDecimal;
    }

    private static String words(@Nullable LogicalType type) {
        if (type instanceof Decimal decimal) {
            return "decimal(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale());
        }
        return type == null ? "plain" : type.getName();
    }
}

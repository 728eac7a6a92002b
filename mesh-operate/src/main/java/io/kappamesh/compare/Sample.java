package io.kappamesh.compare;

import java.util.List;

/**
 * One key that differs, as an example.
 *
 * @param key of the record: text if it is UTF-8, else hexadecimal after {@code 0x}; cut to 200 characters
 * @param kind how it differs
 * @param expected whether that was declared beforehand
 * @param fields in what it differs, at most 20; empty if one side has no value
 */
public record Sample(String key, DifferenceKind kind, boolean expected, List<FieldDifference> fields) {
    public Sample {
        fields = List.copyOf(fields);
    }
}

package io.kappamesh.compare;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A field in which two values of one schema differ.
 *
 * @param path where
 * @param serving a value as Avro's generic records have it, or {@link ValueText#ABSENT}
 * @param candidate the same of the candidate
 */
record FieldChange(
        FieldPath path, @Nullable Object serving, @Nullable Object candidate) {

    /** All fields that differ, in the order of the schema; map entries in the order of their keys. */
    static List<FieldChange> between(IndexedRecord serving, IndexedRecord candidate) {
        List<FieldChange> found = new ArrayList<>();
        records(FieldPath.ROOT, serving, candidate, found);
        return found;
    }

    FieldDifference asText() {
        return new FieldDifference(ValueText.cut(path.exact()), ValueText.of(serving), ValueText.of(candidate));
    }

    private static void records(FieldPath at, IndexedRecord one, IndexedRecord other, List<FieldChange> found) {
        for (Schema.Field field : one.getSchema().getFields()) {
            values(at.field(field.name()), one.get(field.pos()), other.get(field.pos()), found);
        }
    }

    private static void values(FieldPath at, @Nullable Object one, @Nullable Object other, List<FieldChange> found) {
        if (one instanceof IndexedRecord record && other instanceof IndexedRecord its && sameType(record, its)) {
            records(at, record, its, found);
        } else if (one instanceof List<?> list && other instanceof List<?> its) {
            lists(at, list, its, found);
        } else if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> its) {
            maps(at, map, its, found);
        } else if (!equal(one, other)) {
            found.add(new FieldChange(at, one, other));
        }
    }

    private static void lists(FieldPath at, List<?> one, List<?> other, List<FieldChange> found) {
        Iterator<?> ones = one.iterator();
        Iterator<?> others = other.iterator();
        for (int index = 0; ones.hasNext() || others.hasNext(); index++) {
            values(
                    at.element(index),
                    ones.hasNext() ? ones.next() : ValueText.ABSENT,
                    others.hasNext() ? others.next() : ValueText.ABSENT,
                    found);
        }
    }

    private static void maps(FieldPath at, Map<?, ?> one, Map<?, ?> other, List<FieldChange> found) {
        Map<String, @Nullable Object> ones = byText(one);
        Map<String, @Nullable Object> others = byText(other);
        SortedSet<String> keys = new TreeSet<>(ones.keySet());
        keys.addAll(others.keySet());
        for (String key : keys) {
            values(
                    at.element(key),
                    ones.containsKey(key) ? ones.get(key) : ValueText.ABSENT,
                    others.containsKey(key) ? others.get(key) : ValueText.ABSENT,
                    found);
        }
    }

    private static Map<String, @Nullable Object> byText(Map<?, ?> map) {
        Map<String, @Nullable Object> byText = new TreeMap<>();
        map.forEach((key, value) -> byText.put(String.valueOf(key), value));
        return byText;
    }

    /** Branches of a union may be records of several types. */
    private static boolean sameType(IndexedRecord one, IndexedRecord other) {
        return one.getSchema().getFullName().equals(other.getSchema().getFullName());
    }

    private static boolean equal(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return one == other;
        }
        if (one instanceof BigDecimal decimal && other instanceof BigDecimal its) {
            return decimal.compareTo(its) == 0;
        }
        if (one instanceof CharSequence text && other instanceof CharSequence its) {
            return text.toString().contentEquals(its);
        }
        if (one instanceof GenericFixed fixed && other instanceof GenericFixed its) {
            return fixed.getSchema().getFullName().equals(its.getSchema().getFullName()) && one.equals(other);
        }
        if (one instanceof GenericEnumSymbol<?> symbol && other instanceof GenericEnumSymbol<?> its) {
            return symbol.getSchema().getFullName().equals(its.getSchema().getFullName())
                    && symbol.toString().equals(its.toString());
        }
        return one.equals(other);
    }
}

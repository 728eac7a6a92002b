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
 * @param classified whether the values are not to be shown
 */
record FieldChange(
        FieldPath path, @Nullable Object serving, @Nullable Object candidate, boolean classified) {

    /** Of values that everybody may see. */
    FieldChange(FieldPath path, @Nullable Object serving, @Nullable Object candidate) {
        this(path, serving, candidate, false);
    }

    /** All fields that differ, in the order of the schema; map entries in the order of their keys. */
    static List<FieldChange> between(IndexedRecord serving, IndexedRecord candidate, ClassifiedFields classified) {
        List<FieldChange> found = new ArrayList<>();
        new Search(classified, found).records(FieldPath.ROOT, serving, candidate);
        return found;
    }

    /** Keys of a map may be as classified as its values. */
    FieldDifference asText() {
        return classified
                ? new FieldDifference(ValueText.cut(path.general()), ValueText.MASK, ValueText.MASK)
                : new FieldDifference(ValueText.cut(path.exact()), ValueText.of(serving), ValueText.of(candidate));
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

    /** Goes through two values side by side. One thread, once. */
    private static final class Search {
        private final ClassifiedFields classified;
        private final List<FieldChange> found;
        /** Whether a field that is classified has been entered. */
        private boolean hidden;

        Search(ClassifiedFields classified, List<FieldChange> found) {
            this.classified = classified;
            this.found = found;
        }

        void records(FieldPath at, IndexedRecord one, IndexedRecord other) {
            for (Schema.Field field : one.getSchema().getFields()) {
                FieldPath path = at.field(field.name());
                boolean before = hidden;
                hidden = hidden || classified.has(path, field, other.getSchema().getField(field.name()));
                values(path, one.get(field.pos()), other.get(field.pos()));
                hidden = before;
            }
        }

        void values(FieldPath at, @Nullable Object one, @Nullable Object other) {
            if (one instanceof IndexedRecord record && other instanceof IndexedRecord its && sameType(record, its)) {
                records(at, record, its);
            } else if (one instanceof List<?> list && other instanceof List<?> its) {
                lists(at, list, its);
            } else if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> its) {
                maps(at, map, its);
            } else if (!equal(one, other)) {
                found.add(new FieldChange(at, one, other, hidden || classified.isWithin(at, one, other)));
            }
        }

        void lists(FieldPath at, List<?> one, List<?> other) {
            Iterator<?> ones = one.iterator();
            Iterator<?> others = other.iterator();
            for (int index = 0; ones.hasNext() || others.hasNext(); index++) {
                values(
                        at.element(index),
                        ones.hasNext() ? ones.next() : ValueText.ABSENT,
                        others.hasNext() ? others.next() : ValueText.ABSENT);
            }
        }

        void maps(FieldPath at, Map<?, ?> one, Map<?, ?> other) {
            Map<String, @Nullable Object> ones = byText(one);
            Map<String, @Nullable Object> others = byText(other);
            SortedSet<String> keys = new TreeSet<>(ones.keySet());
            keys.addAll(others.keySet());
            for (String key : keys) {
                values(
                        at.element(key),
                        ones.containsKey(key) ? ones.get(key) : ValueText.ABSENT,
                        others.containsKey(key) ? others.get(key) : ValueText.ABSENT);
            }
        }
    }
}

package io.kappamesh.csv;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/**
 * Which columns lines have, and which fields those are.
 *
 * @param fields names of fields, or the empty text, by position from 1; empty = the fields of the schema
 * @param picked whether these are some columns of many, and how many there are says nothing
 * @param extraDropped whether a line may have more
 * @param missingFilled whether a line may have fewer
 */
record CsvColumns(SortedMap<Integer, String> fields, boolean picked, boolean extraDropped, boolean missingFilled) {
    /** More than any spreadsheet has. */
    static final int MOST = 20_000;

    static final CsvColumns OF_SCHEMA = new CsvColumns(new TreeMap<>(), false, false, false);

    CsvColumns {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    CsvColumns named(List<String> names) {
        SortedMap<Integer, String> all = new TreeMap<>();
        IntStream.range(0, names.size()).forEach(at -> all.put(at + 1, names.get(at)));
        return new CsvColumns(all, false, extraDropped, missingFilled);
    }

    CsvColumns with(int position, String field) {
        SortedMap<Integer, String> all = new TreeMap<>(fields);
        all.put(position, field);
        return new CsvColumns(all, true, extraDropped, missingFilled);
    }

    CsvColumns withExtraDropped() {
        return new CsvColumns(fields, picked, true, missingFilled);
    }

    CsvColumns withMissingFilled() {
        return new CsvColumns(fields, picked, extraDropped, true);
    }

    /** The columns of a schema. */
    CsvColumns of(Schema schema) {
        return fields.isEmpty()
                ? named(schema.getFields().stream().map(Schema.Field::name).toList())
                : this;
    }

    /** How many columns a line has at least. */
    int last() {
        return fields.isEmpty() ? 0 : Math.min(MOST, Math.max(0, fields.lastKey()));
    }
}

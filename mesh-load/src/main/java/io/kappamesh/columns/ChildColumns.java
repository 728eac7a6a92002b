package io.kappamesh.columns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that holds the elements of an array, one row for each. An element that is a record has its fields as columns; any other one is
 * the column {@code value}. Immutable and thread-safe.
 */
public final class ChildColumns {
    /** Where the element stands in its array, from 0. The primary key is the record's key and this. */
    public static final String INDEX = "mesh_index";

    private static final Set<String> OWN = Set.of(TableColumns.KEY, INDEX, TableColumns.PARTITION, TableColumns.OFFSET);
    private static final String VALUE = "value";
    /** Of the rows that a record has in one table: each of them repeats the key, which the record's own size does not tell. */
    private static final int MOST_BYTES = 64 << 20;

    private final String field;
    private final TableColumns columns;
    private final Schema.@Nullable Field newest;
    private final boolean areRecords;
    private final Optional<String> problem;

    private ChildColumns(String field, TableColumns columns, Schema.@Nullable Field newest, Optional<String> problem) {
        this.field = field;
        this.columns = columns;
        this.newest = newest;
        this.areRecords = newest != null
                && array(newest.schema())
                        .map(Schema::getElementType)
                        .filter(ChildColumns::isRecord)
                        .isPresent();
        this.problem = problem;
    }

    /** @param versions of the whole contract, the oldest first */
    static ChildColumns of(Child declared, List<Schema> versions) {
        List<Schema> types = new ArrayList<>();
        for (Schema version : versions) {
            Schema.Field field = version.getField(declared.field());
            if (field != null) {
                array(field.schema()).map(Schema::getElementType).ifPresent(types::add);
            }
        }
        List<Schema> elements = types.isEmpty()
                ? List.of(record(List.of()))
                : types.stream().map(ChildColumns::element).toList();
        boolean mixed = types.stream().map(ChildColumns::isRecord).distinct().count() > 1;
        Schema newest = versions.get(versions.size() - 1);
        boolean known = versions.stream().anyMatch(version -> version.getField(declared.field()) != null);
        return new ChildColumns(
                declared.field(),
                TableColumns.of(elements, declared.columns(), List.of(), OWN),
                newest.getField(declared.field()),
                problem(declared, newest, known, mixed));
    }

    private static Optional<String> problem(Child declared, Schema newest, boolean known, boolean mixed) {
        Schema.Field field = newest.getField(declared.field());
        String why;
        if (field != null) {
            Optional<Schema> array = array(field.schema());
            boolean nullable = array.isPresent() && isNullableRecord(array.get().getElementType());
            if (array.isPresent() && !nullable && !mixed) {
                return Optional.empty();
            }
            if (array.isEmpty()) {
                why = "it is no array but " + kind(field.schema());
            } else {
                why = nullable
                        ? "its elements may be null, and a row of nulls would not tell so"
                        : "in some versions of the contract its elements are records, and in others they are not";
            }
        } else if (known || !declared.columns().isEmpty()) {
            // What is written from now on has no elements.
            return Optional.empty();
        } else {
            List<String> arrays = newest.getFields().stream()
                    .filter(other -> array(other.schema()).isPresent())
                    .map(Schema.Field::name)
                    .toList();
            why = "the contract has no such field; "
                    + (arrays.isEmpty() ? "none of its fields is an array" : "arrays are " + String.join(", ", arrays));
        }
        return Optional.of("field " + declared.field() + " cannot have a child table: " + why);
    }

    private static String kind(Schema type) {
        return TableColumns.withoutNull(type).getType().getName();
    }

    private static Optional<Schema> array(Schema type) {
        return Optional.of(TableColumns.withoutNull(type)).filter(inside -> inside.getType() == Schema.Type.ARRAY);
    }

    private static boolean isNullableRecord(Schema element) {
        return element.getType() == Schema.Type.UNION
                && TableColumns.withoutNull(element).getType() == Schema.Type.RECORD;
    }

    private static boolean isRecord(Schema element) {
        return element.getType() == Schema.Type.RECORD;
    }

    private static Schema element(Schema type) {
        return isRecord(type) ? type : record(List.of(new Schema.Field(VALUE, type)));
    }

    private static Schema record(List<Schema.Field> fields) {
        return Schema.createRecord("Element", null, null, false, fields);
    }

    /** The field of the contract that is the array. */
    public String field() {
        return field;
    }

    /** Of an element. */
    public TableColumns columns() {
        return columns;
    }

    /** Why there cannot be such a table; empty = there can. */
    Optional<String> problem() {
        return problem;
    }

    /** What the contract says of the array, or else of its elements; empty = nothing. */
    public Optional<String> said() {
        String ofArray = newest == null ? null : newest.doc();
        return Optional.ofNullable(ofArray == null ? columns.newest().getDoc() : ofArray)
                .map(doc -> doc.replace("\0", ""));
    }

    /**
     * Writes a row for each element, with the key before it. Null and an array without elements have none.
     *
     * @param key in UTF-8
     * @param record that has the array
     * @throws UnloadableException if an element cannot be held, or the rows take more than 64 MiB
     */
    public void write(byte[] key, IndexedRecord record, CopyText out) throws UnloadableException {
        int index = 0;
        int begin = out.length();
        for (Object element : elements(record)) {
            out.utf8(key, key.length);
            out.nextField();
            out.number(index++);
            try {
                columns.write(columnsOf(element), out);
            } catch (UnloadableException unloadable) {
                throw unloadable.inside(field);
            }
            out.endRow();
            if (out.length() - begin > MOST_BYTES) {
                throw new UnloadableException("has elements that take more than 64 MiB with the key in each row")
                        .inside(field);
            }
        }
    }

    private Collection<?> elements(IndexedRecord record) {
        return newest != null && record.get(newest.pos()) instanceof Collection<?> elements ? elements : List.of();
    }

    /** Not by what the element is: one that is a record may be of a union, and is a value then. */
    private IndexedRecord columnsOf(@Nullable Object element) {
        if (areRecords && element instanceof IndexedRecord record) {
            return record;
        }
        GenericData.Record value = new GenericData.Record(columns.newest());
        value.put(0, element);
        return value;
    }

    /**
     * A row of the table.
     *
     * @param index of the element
     * @param texts of the expressions that {@link TableColumns#readBack} selects
     */
    public record Element(int index, List<@Nullable String> texts) {}

    /**
     * In what the rows of a key are not the elements of its record: names of columns, {@code (missing rows)}, {@code (rows too many)}. Where the newest version does not have
     * the array, nothing is known of what was written before, and nothing differs.
     *
     * @param rows in the order of their indexes
     */
    public Set<String> differing(IndexedRecord record, List<Element> rows) {
        Set<String> differing = new LinkedHashSet<>();
        if (newest == null) {
            return differing;
        }
        int next = 0;
        int index = 0;
        for (Object element : elements(record)) {
            if (next < rows.size() && rows.get(next).index() == index) {
                differing.addAll(
                        columns.differing(columnsOf(element), rows.get(next).texts()));
                next++;
            } else {
                differing.add("(missing rows)");
            }
            index++;
        }
        if (next < rows.size()) {
            differing.add("(rows too many)");
        }
        return differing;
    }
}

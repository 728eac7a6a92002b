package io.kappamesh.columns;

import io.kappamesh.avro.AvroType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that holds a port, one for each field that any version of the contract has had. A field that the newest version has no
 * longer keeps its column, which is null in all rows that are written from then on. Immutable and thread-safe.
 */
public final class TableColumns {
    /** The record's key, which is the primary key. */
    public static final String KEY = "mesh_key";

    public static final String PARTITION = "mesh_partition";
    public static final String OFFSET = "mesh_offset";

    /** Of a table in PostgreSQL. */
    private static final int MOST_COLUMNS = 1_600;

    private static final Set<String> OWN = Set.of(KEY, PARTITION, OFFSET, "mesh_deleted");

    private final Schema newest;
    private final List<Column> columns;
    private final List<@Nullable Typed> typed;
    private final List<ChildColumns> children;
    private final List<Column> added;
    private final List<String> changed;

    private record Typed(Schema.Field field, ColumnType type) {}

    private TableColumns(
            Schema newest,
            List<Column> columns,
            List<@Nullable Typed> typed,
            List<ChildColumns> children,
            List<Column> added,
            List<String> changed) {
        this.newest = newest;
        this.columns = List.copyOf(columns);
        this.typed = typed;
        this.children = List.copyOf(children);
        this.added = List.copyOf(added);
        this.changed = List.copyOf(changed);
    }

    /**
     * The columns for all versions of a contract.
     *
     * @param versions records, the oldest first; at least one
     * @param existing columns that the table has already, which keep their names and their order
     */
    public static TableColumns of(List<Schema> versions, List<Column> existing) {
        return of(versions, existing, List.of());
    }

    /**
     * The same where some fields have tables of their own, so that the column of such a field is the number of its elements, null for a null.
     *
     * @param declared fields that have tables of their own
     */
    public static TableColumns of(List<Schema> versions, List<Column> existing, List<Child> declared) {
        return of(versions, existing, declared, OWN);
    }

    /** @param own columns of the table that are not the contract's */
    static TableColumns of(List<Schema> versions, List<Column> existing, List<Child> declared, Set<String> own) {
        Set<String> counted = declared.stream().map(Child::field).collect(Collectors.toSet());
        Map<String, Schema.Field> fields = new LinkedHashMap<>();
        versions.forEach(version -> version.getFields().forEach(field -> fields.put(field.name(), field)));
        Schema newest = versions.get(versions.size() - 1);
        Map<String, Column> columns = new LinkedHashMap<>();
        existing.forEach(column -> columns.put(column.field(), column));
        Set<String> taken = new HashSet<>(own);
        existing.forEach(column -> taken.add(column.name()));
        List<Column> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        fields.forEach((name, field) -> {
            String type = type(field, counted).sql();
            Column known = columns.get(name);
            if (known == null) {
                String said = counted.contains(name) ? name + "_count" : name;
                Column made = new Column(name, Identifiers.free(said, taken), type);
                taken.add(made.name());
                columns.put(name, made);
                added.add(made);
            } else if (!known.type().equals(type) && newest.getField(name) != null) {
                changed.add("column " + known.name() + " is " + known.type() + ", and the contract makes it " + type);
            }
        });
        List<@Nullable Typed> typed = new ArrayList<>();
        columns.keySet().forEach(name -> {
            Schema.Field field = newest.getField(name);
            typed.add(field == null ? null : new Typed(field, type(field, counted)));
        });
        List<ChildColumns> children =
                declared.stream().map(child -> ChildColumns.of(child, versions)).toList();
        for (ChildColumns child : children) {
            child.problem().ifPresent(changed::add);
            child.columns().changed().forEach(why -> changed.add("of the elements of " + child.field() + ", " + why));
        }
        if (columns.size() + own.size() > MOST_COLUMNS) {
            changed.add("the contract has " + columns.size() + " fields, and a table of PostgreSQL at most "
                    + MOST_COLUMNS + " columns");
        }
        return new TableColumns(newest, List.copyOf(columns.values()), typed, children, added, changed);
    }

    private static ColumnType type(Schema.Field field, Set<String> counted) {
        return counted.contains(field.name()) ? new ElementCount() : ColumnTypes.of(field.schema());
    }

    /** What values are decoded into, in Avro's own types. */
    public AvroType<Object> readType() {
        return AvroType.raw(newest);
    }

    /** The newest version. */
    public Schema newest() {
        return newest;
    }

    /** All of them, those that exist first. */
    public List<Column> columns() {
        return columns;
    }

    /** Of the fields that have tables of their own. */
    public List<ChildColumns> children() {
        return children;
    }

    /** The fields that have tables of their own, with the columns of these. */
    public List<Child> declared() {
        return children.stream()
                .map(child -> new Child(child.field(), child.columns().columns()))
                .toList();
    }

    /** Those that do not exist yet. */
    public List<Column> added() {
        return added;
    }

    /** Those, and the ones of the tables of elements that do not exist yet. */
    public List<Column> allAdded() {
        return Stream.concat(added.stream(), children.stream().flatMap(child -> child.columns().added.stream()))
                .toList();
    }

    /** Why an existing table cannot hold the contract; empty = it can. */
    public List<String> changed() {
        return changed;
    }

    /** What the contract says of a column's field; empty = nothing. */
    public Optional<String> comment(Column column) {
        Schema.Field field = newest.getField(column.field());
        if (field == null) {
            return Optional.of("The newest version of the contract does not have this field.");
        }
        StringBuilder comment = new StringBuilder();
        if (field.doc() != null) {
            comment.append(field.doc());
        }
        enumOf(field.schema())
                .ifPresent(symbols -> comment.append(comment.isEmpty() ? "" : " ")
                        .append("One of ")
                        .append(String.join(", ", symbols))
                        .append('.'));
        return comment.isEmpty()
                ? Optional.empty()
                : Optional.of(comment.toString().replace("\0", ""));
    }

    /** The one type of a union with null; any other type as it is. */
    static Schema withoutNull(Schema type) {
        return type.getType() == Schema.Type.UNION && type.getTypes().size() == 2 && type.isNullable()
                ? type.getTypes().get(type.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0)
                : type;
    }

    private static Optional<List<String>> enumOf(Schema type) {
        Schema plain = withoutNull(type);
        return plain.getType() == Schema.Type.ENUM ? Optional.of(plain.getEnumSymbols()) : Optional.empty();
    }

    /**
     * What rows have in a column that were written before there was the field, as a literal in SQL: the default of the field, which is also what
     * a reader of the newest version gets.
     */
    public String existingRows(Column column) {
        Schema.Field field = newest.getField(column.field());
        if (field == null || !field.hasDefaultValue()) {
            return "NULL";
        }
        Object value = GenericData.get().getDefaultValue(field);
        if (value == null) {
            return "NULL";
        }
        CopyText text = CopyText.plain();
        try {
            type(field, counted()).write(value, text);
        } catch (UnloadableException none) {
            return "NULL";
        }
        return Identifiers.literal(text.toString()) + "::" + column.type();
    }

    private Set<String> counted() {
        return children.stream().map(ChildColumns::field).collect(Collectors.toSet());
    }

    /** Writes the fields of a record in the order of the columns, each with what stands before it. */
    public void write(IndexedRecord record, CopyText out) throws UnloadableException {
        for (Typed column : typed) {
            out.nextField();
            Object value = column == null ? null : record.get(column.field().pos());
            if (column == null || value == null) {
                out.sqlNull();
                continue;
            }
            try {
                column.type().write(value, out);
            } catch (UnloadableException unloadable) {
                throw unloadable.inside(column.field().name());
            }
        }
    }

    /** As many nulls as there are columns. */
    public void writeNulls(CopyText out) {
        for (int i = 0; i < typed.size(); i++) {
            out.nextField();
            out.sqlNull();
        }
    }

    /** What a query selects so that {@link #differing} can compare it; columns that no longer have a field are null. */
    public List<String> readBack() {
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Typed column = typed.get(i);
            expressions.add(
                    column == null
                            ? "NULL"
                            : column.type().readBack(columns.get(i).quoted()));
        }
        return expressions;
    }

    /**
     * The names of the columns in which a row is not what a record says.
     *
     * @param texts of the expressions of {@link #readBack}, in their order
     */
    public List<String> differing(IndexedRecord record, List<@Nullable String> texts) {
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Typed column = typed.get(i);
            if (column == null) {
                continue;
            }
            Object value = record.get(column.field().pos());
            String text = texts.get(i);
            boolean same = (value == null || text == null)
                    ? value == null && text == null
                    : column.type().holds(value, text);
            if (!same) {
                differing.add(columns.get(i).name());
            }
        }
        return differing;
    }
}

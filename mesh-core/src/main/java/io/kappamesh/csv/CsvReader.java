package io.kappamesh.csv;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import io.kappamesh.mapping.TimestampType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Lines of CSV to records in Avro's own types, without logical types. Immutable and thread-safe. */
final class CsvReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * A column that is read.
     *
     * @param type of what it holds if it holds something
     * @param isCount whether a whole number is a time here
     */
    private record Column(Schema.Field field, Schema type, boolean isCount) {
        boolean isText() {
            return type.getType() == Schema.Type.STRING && type.getLogicalType() == null;
        }

        @Nullable
        Object whenEmpty() throws MisfitException {
            if (isText() && !field.hasDefaultValue() && !field.schema().isNullable()) {
                return new Utf8("");
            }
            return missing();
        }

        @Nullable
        Object missing() throws MisfitException {
            if (!field.hasDefaultValue() && !field.schema().isNullable()) {
                throw new MisfitException("is empty");
            }
            return AvroValues.missing(field);
        }
    }

    private final CsvFactory csv = CsvFactory.builder()
            // The reason of a dead letter holds no part of the record.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Schema schema;
    private final CsvDialect dialect;
    private final CsvSchema lines;
    private final PlainLines plainLines;
    private final CsvColumns declared;
    private final CsvTimes times;
    private final Scalars scalars;

    /** By position from 0; null = not read. */
    private final @Nullable Column[] columns;

    /** Fields without a column. */
    private final List<Schema.Field> others = new ArrayList<>();

    CsvReader(Schema schema, CsvDialect dialect, CsvColumns declared, CsvTimes times) {
        this.schema = schema;
        this.dialect = dialect;
        this.lines = dialect.schema();
        this.plainLines = new PlainLines(dialect);
        this.declared = declared.of(schema);
        this.times = times;
        this.scalars = new Scalars(times.epoch(), times.epochDays());
        this.columns = new Column[this.declared.last()];
        List<String> problems = new ArrayList<>(dialect.problems());
        bind(problems);
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    private void bind(List<String> problems) {
        String where = "schema " + schema.getFullName() + ": ";
        Set<Schema.Field> bound = new HashSet<>();
        declared.fields().forEach((position, name) -> {
            if (position < 1 || position > CsvColumns.MOST) {
                problems.add("CSV format: columns are counted from 1 to " + CsvColumns.MOST + ", and " + position
                        + " is none");
                return;
            }
            Optional<Schema.Field> field = field(schema, name);
            if (name.isEmpty()) {
                return;
            }
            if (field.isEmpty()) {
                problems.add(where + "has no field called '" + name + "', which column " + position
                        + " of the CSV format is; name a field, or give the column the empty name if it is not read");
            } else if (!bound.add(field.get())) {
                problems.add(where + "two columns of the CSV format are " + name);
            } else {
                single(field.get().schema())
                        .ifPresentOrElse(
                                type -> columns[position - 1] = new Column(field.get(), type, isCount(type)),
                                () -> problems.add(where + name
                                        + " is no single value, which is all that a column of CSV can hold"));
            }
        });
        for (Schema.Field field : schema.getFields()) {
            if (!bound.contains(field)) {
                others.add(field);
                if (!field.hasDefaultValue() && !field.schema().isNullable()) {
                    problems.add(where + field.name() + " has no column, no default, and may not be null");
                }
            }
        }
    }

    static Optional<Schema.Field> field(Schema schema, String name) {
        return schema.getFields().stream()
                .filter(field -> field.name().equals(name) || field.aliases().contains(name))
                .findFirst();
    }

    /** The type of a single value, null aside. */
    static Optional<Schema> single(Schema type) {
        List<Schema> types = type.getType() == Schema.Type.UNION
                ? type.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .toList()
                : List.of(type);
        return types.size() == 1
                        && !Set.of(Schema.Type.RECORD, Schema.Type.ARRAY, Schema.Type.MAP, Schema.Type.NULL)
                                .contains(types.get(0).getType())
                ? Optional.of(types.get(0))
                : Optional.empty();
    }

    private boolean isCount(Schema type) {
        return (TimestampType.isInstant(type) && times.epoch().isPresent())
                || (type.getLogicalType() instanceof LogicalTypes.Date && times.epochDays());
    }

    /** The record that a line holds. */
    GenericRecord record(byte[] bytes) throws MisfitException {
        return plainLines.has(bytes) ? plain(bytes) : parsed(bytes);
    }

    private GenericRecord plain(byte[] line) throws MisfitException {
        GenericData.Record record = new GenericData.Record(schema);
        int at = 0;
        for (int from = 0; from <= line.length; at++) {
            int end = plainLines.end(line, from);
            Column column = at < columns.length ? columns[at] : null;
            if (column != null) {
                record.put(column.field().pos(), value(column, end == from ? null : PlainLines.text(line, from, end)));
            }
            from = end + 1;
        }
        return complete(record, at);
    }

    /** The same of any line. */
    GenericRecord parsed(byte[] bytes) throws MisfitException {
        char[] text = dialect.text(bytes);
        int from = text.length > 0 && text[0] == BYTE_ORDER_MARK ? 1 : 0;
        try (CsvParser in = csv.createParser(text, from, text.length - from)) {
            in.setSchema(lines);
            return record(in);
        } catch (MisfitException misfit) {
            throw misfit;
        } catch (IOException broken) {
            // Its message may repeat what the record says.
            throw new MisfitException("is not valid CSV: a quoted column does not end where it should");
        }
    }

    private GenericRecord record(CsvParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_ARRAY) {
            throw new MisfitException("is empty");
        }
        GenericData.Record record = new GenericData.Record(schema);
        int at = 0;
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            Column column = at < columns.length ? columns[at] : null;
            at++;
            if (column != null) {
                record.put(column.field().pos(), value(column, token == JsonToken.VALUE_NULL ? null : in.getText()));
            }
        }
        if (in.nextToken() != null) {
            throw new MisfitException("goes on behind the end of its line");
        }
        return complete(record, at);
    }

    /** @param found how many columns the line has */
    private GenericRecord complete(GenericData.Record record, int found) throws MisfitException {
        requireCount(found);
        for (int at = found; at < columns.length; at++) {
            Column column = columns[at];
            if (column != null) {
                record.put(column.field().pos(), value(column, null));
            }
        }
        for (Schema.Field field : others) {
            record.put(field.pos(), AvroValues.missing(field));
        }
        return record;
    }

    private void requireCount(int found) throws MisfitException {
        boolean tooFew = found < columns.length && !declared.missingFilled();
        boolean tooMany = found > columns.length && !declared.extraDropped() && !declared.picked();
        if (tooFew || tooMany) {
            throw new MisfitException("has " + found + (found == 1 ? " column" : " columns") + ", and "
                    + (declared.picked() ? "at least " : "") + columns.length + " are declared");
        }
    }

    /** @param text null = an empty column that is not quoted */
    private @Nullable Object value(Column column, @Nullable String text) throws MisfitException {
        try {
            if (text == null) {
                return column.whenEmpty();
            }
            if ((text.isEmpty() && !column.isText())
                    || dialect.nullText().filter(text::equals).isPresent()) {
                return column.missing();
            }
            return scalars.read(column.type(), new CsvCell(text, column.isCount(), dialect.decimalComma(), times));
        } catch (MisfitException misfit) {
            throw misfit.inside("." + column.field().name());
        } catch (IOException broken) {
            // Its message may repeat what the record says.
            throw new MisfitException("cannot be read")
                    .inside("." + column.field().name());
        }
    }
}

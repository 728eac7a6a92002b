package io.kappamesh.connect;

import static java.util.Objects.requireNonNull;

import io.kappamesh.avro.SchemaResolution;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.ItemLimit;
import io.kappamesh.mapping.MisfitException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Records of one writer's schema, as Kafka Connect and Debezium write Avro, to records of a port's schema, both in Avro's own types. Fields go
 * by their names and aliases, and the names of types say nothing: they are other people's. Single values are taken as {@link ConnectScalars}
 * says. What a writer's type can never become is a reason at the first value that has it. Immutable and thread-safe.
 */
final class ConnectRows {
    /** One value. */
    @FunctionalInterface
    interface Part {
        @Nullable
        Object of(@Nullable Object value, ItemLimit items) throws MisfitException;
    }

    private final RecordPart root;

    /**
     * Made once per schema of a writer.
     *
     * @param writer a record
     * @param filled fields of the reader's record that somebody else fills
     */
    ConnectRows(Schema writer, Schema reader, Set<String> filled) {
        root = new Compiler(filled, reader).record(writer, reader);
    }

    /**
     * What a schema may not have.
     *
     * @throws DeclarationException when a union of it has two types besides null
     */
    static void check(Schema reader) {
        List<String> problems = new ArrayList<>();
        check(reader, reader, "", problems, new HashSet<>());
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    private static void check(Schema schema, Schema part, String path, List<String> problems, Set<String> seen) {
        switch (part.getType()) {
            case RECORD -> {
                if (seen.add(part.getFullName())) {
                    part.getFields()
                            .forEach(field -> check(
                                    schema,
                                    field.schema(),
                                    path.isEmpty() ? field.name() : path + "." + field.name(),
                                    problems,
                                    seen));
                }
            }
            case ARRAY -> check(schema, part.getElementType(), path + "[]", problems, seen);
            case MAP -> check(schema, part.getValueType(), path + "{}", problems, seen);
            case UNION -> {
                List<Schema> others = notNull(part);
                if (others.size() != 1) {
                    problems.add("schema " + schema.getFullName() + ": " + path + " is a union of " + others.size()
                            + " types, which Connect does not have; use null and one type");
                }
                others.forEach(branch -> check(schema, branch, path, problems, seen));
            }
            default -> {}
        }
    }

    /** @param bytes that the row was read from */
    GenericRecord of(IndexedRecord row, int bytes) throws MisfitException {
        return root.of(row, new ItemLimit(bytes));
    }

    private static List<Schema> notNull(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
    }

    /** Goes once through a pair of schemas. */
    private static final class Compiler {
        private record Pair(String writer, String reader) {}

        private final Map<Pair, RecordPart> records = new HashMap<>();
        private final Set<String> filled;
        private final Schema outermost;

        Compiler(Set<String> filled, Schema outermost) {
            this.filled = filled;
            this.outermost = outermost;
        }

        RecordPart record(Schema writer, Schema reader) {
            Pair pair = new Pair(writer.getFullName(), reader.getFullName());
            RecordPart known = records.get(pair);
            if (known != null) {
                return known;
            }
            RecordPart part = new RecordPart(reader);
            records.put(pair, part);
            List<Step> steps = new ArrayList<>();
            for (Schema.Field field : reader.getFields()) {
                if (reader.equals(outermost) && filled.contains(field.name())) {
                    continue;
                }
                List<Schema.Field> sources = SchemaResolution.sources(field, writer);
                if (sources.size() > 1) {
                    steps.add(new Step(field, sources.get(0).pos(), (value, items) -> {
                        throw new MisfitException("may be any of several fields by its aliases");
                    }));
                } else if (sources.isEmpty()) {
                    steps.add(new Step(field, -1, (value, items) -> missing(field, items)));
                } else {
                    Schema.Field source = sources.get(0);
                    steps.add(new Step(field, source.pos(), any(source.schema(), field.schema())));
                }
            }
            part.steps = steps.toArray(Step[]::new);
            return part;
        }

        private static @Nullable Object missing(Schema.Field field, ItemLimit items) throws MisfitException {
            @Nullable Object value = AvroValues.missing(field);
            items.filled(value == null ? 0 : 1);
            return value;
        }

        private Part any(Schema writer, Schema reader) {
            List<Schema> written = writer.getType() == Schema.Type.UNION ? notNull(writer) : List.of(writer);
            if (written.size() > 1) {
                return (value, items) -> {
                    throw new MisfitException("is a union of several types in the data");
                };
            }
            Part inside = written.isEmpty() || written.get(0).getType() == Schema.Type.NULL
                    ? (value, items) -> null
                    : part(
                            written.get(0),
                            reader.getType() == Schema.Type.UNION
                                    ? notNull(reader).get(0)
                                    : reader);
            boolean nullable = reader.isNullable();
            return (value, items) -> {
                if (value == null) {
                    if (!nullable) {
                        throw new MisfitException("is null");
                    }
                    return null;
                }
                return inside.of(value, items);
            };
        }

        private Part part(Schema writer, Schema reader) {
            if (reader.getType() == Schema.Type.RECORD && writer.getType() == Schema.Type.RECORD) {
                return record(writer, reader);
            }
            if (reader.getType() == Schema.Type.ARRAY && writer.getType() == Schema.Type.ARRAY) {
                return array(reader, any(writer.getElementType(), reader.getElementType()));
            }
            if (reader.getType() == Schema.Type.MAP && writer.getType() == Schema.Type.MAP) {
                return map(any(writer.getValueType(), reader.getValueType()));
            }
            ConnectScalars.Part single = ConnectScalars.part(writer, reader);
            return (value, items) -> single.of(value);
        }

        private static Part array(Schema reader, Part item) {
            return (value, items) -> {
                List<?> values = (List<?>) requireNonNull(value);
                items.object();
                GenericData.Array<Object> array = new GenericData.Array<>(values.size(), reader);
                try {
                    for (Object each : values) {
                        items.item();
                        array.add(item.of(each, items));
                    }
                } catch (MisfitException misfit) {
                    throw misfit.inside("[]");
                }
                return array;
            };
        }

        private static Part map(Part entry) {
            return (value, items) -> {
                items.object();
                Map<Utf8, @Nullable Object> entries = new HashMap<>();
                try {
                    for (Map.Entry<?, ?> each : ((Map<?, ?>) requireNonNull(value)).entrySet()) {
                        items.object();
                        entries.put(new Utf8(String.valueOf(each.getKey())), entry.of(each.getValue(), items));
                    }
                } catch (MisfitException misfit) {
                    throw misfit.inside("{}");
                }
                return entries;
            };
        }
    }

    /** @param source position in the writer's record; -1 = it has no such field */
    private record Step(Schema.Field field, int source, Part part) {}

    /** Its steps are known after it is made, because a record may be inside itself. */
    private static final class RecordPart implements Part {
        private final Schema reader;
        private Step[] steps = {};

        RecordPart(Schema reader) {
            this.reader = reader;
        }

        @Override
        public GenericRecord of(@Nullable Object value, ItemLimit items) throws MisfitException {
            IndexedRecord row = (IndexedRecord) requireNonNull(value);
            items.object();
            GenericData.Record record = new GenericData.Record(reader);
            for (Step step : steps) {
                try {
                    record.put(
                            step.field().pos(),
                            step.part().of(step.source() < 0 ? null : row.get(step.source()), items));
                } catch (MisfitException misfit) {
                    throw step.source() < 0
                            ? misfit
                            : misfit.inside("." + step.field().name());
                }
            }
            return record;
        }
    }
}

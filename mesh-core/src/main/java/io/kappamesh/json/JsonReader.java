package io.kappamesh.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat.Result;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.ItemLimit;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** JSON text to a record in Avro's own types, without logical types. Immutable and thread-safe. */
@Internal
public final class JsonReader {
    private static final int LONGEST_NUMBER = 1_000;

    private final JsonFactory json = JsonFactory.builder()
            // The reason of a dead letter holds no part of the record.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(AvroValues.MAX_DEPTH)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Schema schema;
    private final Scalars scalars;
    private final boolean unknownFieldsRejected;
    private final int header;
    /** Fields of the outermost record that somebody else fills. */
    private final Set<String> filled;

    /** The fields of each record type, by the names that they may have in JSON. */
    private final Map<String, Map<String, Schema.Field>> members = new HashMap<>();

    JsonReader(Schema schema, Scalars scalars, boolean unknownFieldsRejected, int header, Set<String> filled) {
        this.filled = Set.copyOf(filled);
        this.schema = schema;
        this.scalars = scalars;
        this.unknownFieldsRejected = unknownFieldsRejected;
        this.header = header;
        List<String> problems = new ArrayList<>();
        prepare(schema, "", problems, new HashSet<>());
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    /** @param filled fields of the outermost record that somebody else fills */
    public static JsonReader of(JsonFormat format, Schema schema, Set<String> filled) {
        return format.reader(schema, filled);
    }

    private void prepare(Schema part, String path, List<String> problems, Set<String> seen) {
        switch (part.getType()) {
            case RECORD -> {
                if (seen.add(part.getFullName())) {
                    Map<String, Schema.Field> byName = new HashMap<>();
                    for (Schema.Field field : part.getFields()) {
                        for (String name : names(field)) {
                            if (byName.putIfAbsent(name, field) != null) {
                                problems.add("schema " + schema.getFullName() + ": two fields of " + part.getFullName()
                                        + " are called " + name + " in JSON; take the alias away");
                            }
                        }
                        prepare(field.schema(), path + "." + field.name(), problems, seen);
                    }
                    members.put(part.getFullName(), byName);
                }
            }
            case ARRAY -> prepare(part.getElementType(), path + "[]", problems, seen);
            case MAP -> prepare(part.getValueType(), path + "{}", problems, seen);
            case UNION -> {
                List<Schema> others = part.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .toList();
                if (others.size() != 1) {
                    problems.add("schema " + schema.getFullName() + ": " + path.substring(Math.min(1, path.length()))
                            + " is a union of " + others.size()
                            + " types, and JSON does not say which one a value is; use null and one type");
                }
                others.forEach(branch -> prepare(branch, path, problems, seen));
            }
            default -> {}
        }
    }

    private static List<String> names(Schema.Field field) {
        List<String> names = new ArrayList<>();
        names.add(field.name());
        names.addAll(field.aliases());
        return names;
    }

    /** The result that is made of the one object that the bytes hold; a rejection, if they hold none or something else besides. */
    public <V> Result<V> decode(byte[] bytes, ObjectReader<V> object) {
        try {
            return read(bytes, object);
        } catch (MisfitException misfit) {
            return Result.rejected(misfit.reason());
        }
    }

    private <V> Result<V> read(byte[] bytes, ObjectReader<V> object) throws MisfitException {
        if (header > 0 && (bytes.length < header || bytes[0] != 0)) {
            throw new MisfitException(
                    "is not in the Confluent wire format: does not begin with byte 0 and a schema id");
        }
        try (JsonParser in = json.createParser(bytes, header, bytes.length - header)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new MisfitException("is no JSON object");
            }
            Result<V> read = object.read(in, new ItemLimit(bytes.length));
            if (in.nextToken() != null) {
                throw new MisfitException("goes on behind the end of its JSON object");
            }
            return read;
        } catch (MisfitException misfit) {
            throw misfit;
        } catch (StreamConstraintsException tooMuch) {
            throw new MisfitException("is nested more than " + AvroValues.MAX_DEPTH
                    + " levels deep, or has a number of more than " + LONGEST_NUMBER + " digits");
        } catch (IOException broken) {
            // Its message may repeat what the record says.
            throw new MisfitException("is not valid JSON");
        }
    }

    /** Reads the object at which a parser stands. */
    @FunctionalInterface
    public interface ObjectReader<V> {
        Result<V> read(JsonParser in, ItemLimit items) throws IOException;
    }

    /** The record whose object begins where the parser is. */
    public GenericRecord record(JsonParser in, ItemLimit items) throws IOException {
        return record(schema, in, items);
    }

    private GenericRecord record(Schema type, JsonParser in, ItemLimit items) throws IOException {
        items.object();
        GenericData.Record record = new GenericData.Record(type);
        Map<String, Schema.Field> known = members.getOrDefault(type.getFullName(), Map.of());
        BitSet given = new BitSet(type.getFields().size());
        Set<String> unknown = Set.of();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            Schema.Field field = known.get(name);
            in.nextToken();
            if (field == null) {
                if (unknownFieldsRejected) {
                    throw new MisfitException("has a member that the schema does not know");
                }
                unknown = unknown.isEmpty() ? new HashSet<>() : unknown;
                requireFirst(unknown.add(name));
                in.skipChildren();
                continue;
            }
            if (given.get(field.pos())) {
                throw new MisfitException("is given twice, by one name or by an alias").inside("." + field.name());
            }
            given.set(field.pos());
            try {
                record.put(field.pos(), value(field.schema(), in, items));
            } catch (MisfitException misfit) {
                throw misfit.inside("." + field.name());
            }
        }
        for (Schema.Field field : type.getFields()) {
            if (!given.get(field.pos()) && !(type.equals(schema) && filled.contains(field.name()))) {
                @Nullable Object missing = AvroValues.missing(field);
                items.filled(missing == null ? 0 : 1);
                record.put(field.pos(), missing);
            }
        }
        return record;
    }

    private @Nullable Object value(Schema type, JsonParser in, ItemLimit items) throws IOException {
        if (type.getType() == Schema.Type.UNION) {
            return union(type, in, items);
        }
        if (in.currentToken() == JsonToken.VALUE_NULL && type.getType() != Schema.Type.NULL) {
            throw new MisfitException("is null");
        }
        return switch (type.getType()) {
            case RECORD -> {
                require(in, JsonToken.START_OBJECT, "is no object");
                yield record(type, in, items);
            }
            case ARRAY -> array(type, in, items);
            case MAP -> map(type, in, items);
            default -> scalars.read(type, new JsonScalar(in));
        };
    }

    private @Nullable Object union(Schema union, JsonParser in, ItemLimit items) throws IOException {
        boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
        for (Schema branch : union.getTypes()) {
            if (isNull == (branch.getType() == Schema.Type.NULL)) {
                return isNull ? null : value(branch, in, items);
            }
        }
        throw new MisfitException("is null");
    }

    private List<Object> array(Schema type, JsonParser in, ItemLimit items) throws IOException {
        require(in, JsonToken.START_ARRAY, "is no array");
        items.object();
        GenericData.Array<Object> array = new GenericData.Array<>(0, type);
        try {
            while (in.nextToken() != JsonToken.END_ARRAY) {
                items.item();
                array.add(value(type.getElementType(), in, items));
            }
        } catch (MisfitException misfit) {
            throw misfit.inside("[]");
        }
        return array;
    }

    private Map<Utf8, Object> map(Schema type, JsonParser in, ItemLimit items) throws IOException {
        require(in, JsonToken.START_OBJECT, "is no object");
        items.object();
        Map<Utf8, Object> entries = new HashMap<>();
        try {
            for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                in.nextToken();
                items.object();
                int before = entries.size();
                entries.put(new Utf8(Scalars.wellFormed(key)), value(type.getValueType(), in, items));
                requireFirst(entries.size() > before);
            }
        } catch (MisfitException misfit) {
            throw misfit.inside("{}");
        }
        return entries;
    }

    /** Two members of one name are two values, and nobody knows which one is meant (RFC 8259, 4). */
    public static void requireFirst(boolean first) throws MisfitException {
        Scalars.require(first, "has two members of one name");
    }

    private static void require(JsonParser in, JsonToken token, String otherwise) throws IOException {
        if (in.currentToken() != token) {
            throw new MisfitException(otherwise);
        }
    }
}

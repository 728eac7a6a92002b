package io.kappamesh.avro;

import io.kappamesh.Internal;
import io.kappamesh.schema.SchemaGap;
import io.kappamesh.schema.SchemaRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The one place that judges whether and how data of one schema are read with another: Avro's rules, those for logical types, and
 * none by which Avro would guess. If there is no gap, every value can be read, except for single ones that the reader's type cannot hold exactly.
 * Where there is one, the data that run into it are refused, and all others are read. Each pair of types is judged once. Immutable.
 */
@Internal
public final class SchemaResolution {

    /** Schemas are compared by identity: their own {@code equals} walks all that they refer to. */
    private record Pair(Schema reader, Schema writer) {
        @Override
        @SuppressWarnings("ReferenceEquality") // on purpose
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair && pair.reader == reader && pair.writer == writer;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(reader) + System.identityHashCode(writer);
        }
    }

    private final Map<Pair, ReadPlan> plans = new HashMap<>();
    private final Set<SchemaGap> gaps = new LinkedHashSet<>();
    private final ReadPlan root;

    private SchemaResolution(Schema reader, Schema writer) {
        root = any(reader, writer, reader.getType() == Schema.Type.RECORD ? reader.getName() : "the schema");
    }

    public static SchemaResolution of(Schema reader, Schema writer) {
        return new SchemaResolution(reader, writer);
    }

    ReadPlan root() {
        return root;
    }

    /** Why the reader cannot take everything: one sentence per reason, each beginning with the path of the field. */
    public List<String> gaps() {
        return gaps.stream().map(SchemaGap::sentence).toList();
    }

    /** The same, each with the rule that does not hold. */
    public List<SchemaGap> findings() {
        return List.copyOf(gaps);
    }

    private ReadPlan gap(String path, SchemaRule rule, String why) {
        gaps.add(new SchemaGap(path, rule, why));
        return new ReadPlan.Gap();
    }

    private ReadPlan any(Schema reader, Schema writer, String path) {
        List<Schema> written = branches(writer);
        if (writer.getType() != Schema.Type.UNION) {
            return branch(reader, writer, written, path);
        }
        return new ReadPlan.Branches(written.stream()
                .map(branch -> branch(reader, branch, written, path))
                .toList());
    }

    private static List<Schema> branches(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    }

    private ReadPlan branch(Schema reader, Schema writer, List<Schema> writers, String path) {
        List<String> alike = LogicalTypeRules.alikeInJava(branches(reader));
        if (!alike.isEmpty()) {
            return gap(
                    path,
                    SchemaRule.UNION_OF_ALIKE_TYPES,
                    "is a union of %s in the reader, which a value in Java does not tell apart".formatted(alike));
        }
        List<Schema> meant = TypeMatching.of(branches(reader), writer, writers);
        if (meant.isEmpty()) {
            return gap(path, lacking(reader, writer, writers), without(reader, writer, writers));
        }
        if (meant.size() > 1 && TypeMatching.isNamed(writer)) {
            return gap(
                    path,
                    SchemaRule.ALIAS_AMBIGUOUS,
                    "may be any of %s in the reader where the data have %s; give the right one that name as an alias"
                            .formatted(meant.stream().map(Schema::getFullName).toList(), writer.getFullName()));
        }
        Schema read = meant.get(0);
        boolean named = reader.getType() == Schema.Type.UNION && read.getType() == Schema.Type.RECORD;
        return pair(read, writer, named ? path + ": " + read.getName() : path);
    }

    private static SchemaRule lacking(Schema reader, Schema writer, List<Schema> writers) {
        if (reader.getType() == Schema.Type.UNION || writers.size() > 1) {
            return SchemaRule.UNION_BRANCH;
        }
        return reader.getType() == writer.getType() ? SchemaRule.TYPE_RENAMED : SchemaRule.TYPE_CHANGED;
    }

    private static String without(Schema reader, Schema writer, List<Schema> writers) {
        if (reader.getType() == Schema.Type.UNION || writers.size() > 1) {
            return "cannot take every type that the data may have: nothing in the reader is their "
                    + (TypeMatching.isNamed(writer)
                            ? writer.getFullName()
                            : writer.getType().getName());
        }
        return reader.getType() == writer.getType()
                ? "is named %s in the reader and %s in the data".formatted(reader.getFullName(), writer.getFullName())
                : "is %s in the reader and %s in the data"
                        .formatted(reader.getType().getName(), writer.getType().getName());
    }

    private ReadPlan pair(Schema reader, Schema writer, String path) {
        Pair pair = new Pair(reader, writer);
        ReadPlan known = plans.get(pair);
        if (known != null) {
            return known;
        }
        Optional<String> change = LogicalTypeRules.change(reader, writer);
        if (change.isPresent()) {
            return remember(pair, gap(path, SchemaRule.LOGICAL_TYPE_CHANGED, change.get()));
        }
        if (reader.getType() != writer.getType()) {
            return remember(pair, new ReadPlan.Promoted(reader, writer.getType()));
        }
        return switch (reader.getType()) {
            case RECORD -> record(pair, path);
            case ENUM -> remember(pair, symbols(reader, writer, path));
            case FIXED -> remember(pair, fixed(reader, writer, path));
            case ARRAY ->
                remember(
                        pair,
                        new ReadPlan.Items(reader, any(reader.getElementType(), writer.getElementType(), path + "[]")));
            case MAP ->
                remember(
                        pair,
                        new ReadPlan.Values(reader, any(reader.getValueType(), writer.getValueType(), path + "{}")));
            default -> remember(pair, new ReadPlan.Same(reader));
        };
    }

    private ReadPlan remember(Pair pair, ReadPlan plan) {
        plans.put(pair, plan);
        return plan;
    }

    private ReadPlan fixed(Schema reader, Schema writer, String path) {
        return reader.getFixedSize() == writer.getFixedSize()
                ? new ReadPlan.Same(reader)
                : gap(
                        path,
                        SchemaRule.FIXED_SIZE,
                        "is %d bytes in the reader and %d in the data"
                                .formatted(reader.getFixedSize(), writer.getFixedSize()));
    }

    private ReadPlan symbols(Schema reader, Schema writer, String path) {
        List<@Nullable String> symbols = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        for (String symbol : writer.getEnumSymbols()) {
            boolean known = reader.hasEnumSymbol(symbol);
            String read = known ? symbol : reader.getEnumDefault();
            symbols.add(read);
            if (read == null) {
                lacking.add(symbol);
            }
        }
        if (!lacking.isEmpty()) {
            gap(path, SchemaRule.ENUM_SYMBOLS, "lacks the symbols %s, and the enum has no default".formatted(lacking));
        }
        return new ReadPlan.Symbols(reader, symbols);
    }

    private ReadPlan record(Pair pair, String path) {
        ReadPlan.Fields plan = new ReadPlan.Fields(pair.reader);
        plans.put(pair, plan);
        Map<Integer, Schema.Field> readers = new HashMap<>();
        List<Schema.Field> missing = new ArrayList<>();
        boolean complete = true;
        for (Schema.Field field : pair.reader.getFields()) {
            String at = path + "." + field.name();
            List<Schema.Field> sources = sources(field, pair.writer);
            if (sources.isEmpty()) {
                missing.add(field);
                complete &= hasValue(field, at);
            } else {
                Schema.Field other = readers.putIfAbsent(sources.get(0).pos(), field);
                complete &= isClear(sources, other, at);
            }
        }
        List<ReadPlan.Step> steps = new ArrayList<>();
        for (Schema.Field written : pair.writer.getFields()) {
            Schema.Field read = readers.get(written.pos());
            ReadPlan inside =
                    read == null ? new ReadPlan.Gap() : any(read.schema(), written.schema(), path + "." + read.name());
            steps.add(new ReadPlan.Step(written.name(), written.schema(), read, inside));
        }
        plan.complete(steps, missing, complete);
        return plan;
    }

    /** The data's fields that may be meant: the one of that name, else all that an alias names. */
    public static List<Schema.Field> sources(Schema.Field field, Schema writer) {
        Schema.Field own = writer.getField(field.name());
        return own != null
                ? List.of(own)
                : writer.getFields().stream()
                        .filter(written -> field.aliases().contains(written.name()))
                        .toList();
    }

    private boolean hasValue(Schema.Field field, String path) {
        if (!field.hasDefaultValue()) {
            gap(path, SchemaRule.FIELD_WITHOUT_DEFAULT, "is not in the data and has no default");
            return false;
        }
        if (!Defaults.fits(field)) {
            gap(
                    path,
                    SchemaRule.DEFAULT_OF_ANOTHER_TYPE,
                    "is not in the data and has a default that does not fit its type");
            return false;
        }
        return true;
    }

    private boolean isClear(List<Schema.Field> sources, Schema.@Nullable Field other, String path) {
        if (sources.size() > 1) {
            gap(
                    path,
                    SchemaRule.ALIAS_AMBIGUOUS,
                    "may be any of %s of the data by its aliases; drop all but the right one"
                            .formatted(sources.stream().map(Schema.Field::name).toList()));
            return false;
        }
        if (other != null) {
            gap(
                    path,
                    SchemaRule.ALIAS_AMBIGUOUS,
                    "and %s both read %s of the data, one of them by an alias; drop the alias, or one of the fields"
                            .formatted(other.name(), sources.get(0).name()));
            return false;
        }
        return true;
    }
}

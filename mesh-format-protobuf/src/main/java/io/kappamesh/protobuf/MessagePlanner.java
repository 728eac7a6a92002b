package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.mapping.ScalarTexts;
import io.kappamesh.mapping.Scalars;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Finds the fields of a message that a schema asks for, and whether they fit. For one schema. */
final class MessagePlanner {
    private static final Schema KEY = Schema.create(Schema.Type.STRING);

    private final Schema schema;
    private final ReadingRules rules;
    private final Scalars scalars;
    private final ScalarTexts texts = new ScalarTexts(Optional.empty());
    private final List<String> problems = new ArrayList<>();
    private final Map<Pair, MessagePlan> plans = new HashMap<>();

    private record Pair(String record, Descriptor message) {}

    private MessagePlanner(Schema schema, ReadingRules rules) {
        this.schema = schema;
        this.rules = rules;
        this.scalars = new Scalars(rules.epoch(), rules.epochDays());
    }

    /** @throws DeclarationException when the message cannot hold the record, with every problem */
    static MessagePlan plan(Schema schema, Descriptor message, ReadingRules rules) {
        MessagePlanner planner = new MessagePlanner(schema, rules);
        MessagePlan plan = planner.records(schema, message, "");
        if (!planner.problems.isEmpty()) {
            throw new DeclarationException(planner.problems);
        }
        return plan;
    }

    private MessagePlan records(Schema record, Descriptor message, String path) {
        Pair pair = new Pair(record.getFullName(), message);
        MessagePlan known = plans.get(pair);
        if (known != null) {
            return known;
        }
        MessagePlan plan = new MessagePlan(message);
        plans.put(pair, plan);
        Map<Schema.Field, FieldDescriptor> sources = sources(record, message, path);
        Map<FieldDescriptor, Integer> slots = new LinkedHashMap<>();
        sources.values().forEach(source -> slots.putIfAbsent(source, slots.size()));
        for (Schema.Field field : record.getFields()) {
            FieldDescriptor source = sources.get(field);
            plan.add(
                    field,
                    Optional.ofNullable(source)
                            .flatMap(found ->
                                    field(field.name(), field.schema(), found, slots, inside(path, field.name()))));
        }
        for (FieldDescriptor other : message.getFields()) {
            if (other.getContainingOneof() != null && !slots.containsKey(other)) {
                plan.addUnread(other, unsets(other, slots));
            }
        }
        return plan;
    }

    /** Which field of the message is which of the record. */
    private Map<Schema.Field, FieldDescriptor> sources(Schema record, Descriptor message, String path) {
        Map<Schema.Field, FieldDescriptor> sources = new LinkedHashMap<>();
        Map<FieldDescriptor, String> taken = new HashMap<>();
        for (Schema.Field field : record.getFields()) {
            String place = inside(path, field.name());
            List<FieldDescriptor> found = found(field, message);
            if (found.size() > 1) {
                problem(
                        place,
                        "is more than one field of message " + message.getFullName()
                                + ", by its name and by an alias; take the alias away");
            } else if (found.size() == 1) {
                String other = taken.putIfAbsent(found.get(0), field.name());
                if (other != null) {
                    problem(
                            place,
                            "and " + other + " are the same field of message " + message.getFullName()
                                    + "; take the alias away");
                } else {
                    sources.put(field, found.get(0));
                }
            } else if (!field.hasDefaultValue() && !field.schema().isNullable()) {
                problem(
                        place,
                        "is no field of message " + message.getFullName()
                                + "; give it the name in the message as an alias, or a default");
            }
        }
        if (taken.isEmpty() && !record.getFields().isEmpty()) {
            problem(path.isEmpty() ? record.getName() : path, "has no field of message " + message.getFullName());
        }
        return sources;
    }

    private static List<FieldDescriptor> found(Schema.Field field, Descriptor message) {
        List<String> names =
                Stream.concat(Stream.of(field.name()), field.aliases().stream()).toList();
        List<FieldDescriptor> byName = message.getFields().stream()
                .filter(one -> names.contains(one.getName()))
                .toList();
        return byName.isEmpty()
                ? message.getFields().stream()
                        .filter(one -> names.contains(one.getJsonName()))
                        .toList()
                : byName;
    }

    private static List<Integer> unsets(FieldDescriptor field, Map<FieldDescriptor, Integer> slots) {
        OneofDescriptor oneof = field.getContainingOneof();
        return oneof == null
                ? List.of()
                : oneof.getFields().stream()
                        .filter(other -> !other.equals(field))
                        .map(slots::get)
                        .filter(slot -> slot != null)
                        .toList();
    }

    /** Empty = there is a problem. */
    private Optional<FieldPlan> field(
            String name, Schema declared, FieldDescriptor source, Map<FieldDescriptor, Integer> slots, String path) {
        Optional<Schema> type = notNull(declared, path);
        int slot = slots.getOrDefault(source, 0);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (source.isMapField()) {
            return type.get().getType() == Schema.Type.MAP
                    ? entries(name, type.get().getValueType(), source, slot, path)
                    : misfit(path, type.get(), source);
        }
        if (source.isRepeated()) {
            return type.get().getType() == Schema.Type.ARRAY
                    ? notNull(type.get().getElementType(), path + "[]")
                            .flatMap(item -> value(name, item, source, slot, List.of(), path + "[]"))
                    : misfit(path, type.get(), source);
        }
        return value(name, type.get(), source, slot, unsets(source, slots), path);
    }

    private Optional<FieldPlan> entries(String name, Schema declared, FieldDescriptor source, int slot, String path) {
        Descriptor entry = source.getMessageType();
        MessagePlan plan = new MessagePlan(entry);
        FieldDescriptor key = entry.findFieldByNumber(1);
        FieldDescriptor value = entry.findFieldByNumber(2);
        Optional<FieldPlan> values =
                notNull(declared, path + "{}").flatMap(type -> value("value", type, value, 1, List.of(), path + "{}"));
        if (values.isEmpty()) {
            return Optional.empty();
        }
        SingleContent keys = new SingleContent(key, KEY, scalars, texts);
        plan.add(new FieldPlan(key, "key", 0, List.of(), keys, Optional.empty()));
        plan.add(values.get());
        return Optional.of(new FieldPlan(source, name, slot, List.of(), keys, Optional.of(plan)));
    }

    private Optional<FieldPlan> value(
            String name, Schema type, FieldDescriptor source, int slot, List<Integer> unsets, String path) {
        if (source.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return single(source, type, path)
                    .map(content -> new FieldPlan(source, name, slot, unsets, content, Optional.empty()));
        }
        Descriptor message = source.getMessageType();
        if (type.getType() == Schema.Type.RECORD) {
            MessagePlan plan = records(type, message, path);
            return Optional.of(
                    new FieldPlan(source, name, slot, unsets, new RecordContent(plan, type), Optional.of(plan)));
        }
        MessagePlan plan = new MessagePlan(message);
        return meaning(plan, type, source, path)
                .map(content -> new FieldPlan(source, name, slot, unsets, content, Optional.of(plan)));
    }

    /** A message where a single value is asked for. */
    private Optional<Content> meaning(MessagePlan plan, Schema type, FieldDescriptor source, String path) {
        Descriptor message = plan.message();
        if (KnownMessage.isWrapper(message)) {
            FieldDescriptor value = message.findFieldByNumber(1);
            return single(value, type, path).map(content -> {
                FieldPlan field = new FieldPlan(value, value.getName(), 0, List.of(), content, Optional.empty());
                plan.add(field);
                return new WrapperContent(plan, field);
            });
        }
        Optional<KnownMessage> known = KnownMessage.of(message)
                .filter(one -> Asked.of(type).filter(one.written()::fits).isPresent());
        if (known.isEmpty()) {
            misfit(path, type, source);
            return Optional.empty();
        }
        int slot = 0;
        for (FieldDescriptor part : known.get().fields(message)) {
            // What a part is, the whole says: nothing asks for its content.
            plan.add(new FieldPlan(
                    part,
                    part.getName(),
                    slot++,
                    List.of(),
                    new SingleContent(part, KEY, scalars, texts),
                    Optional.empty()));
        }
        return Optional.of(new KnownContent(known.get(), plan, type, scalars, texts, rules.timestampsTruncated()));
    }

    private Optional<Content> single(FieldDescriptor source, Schema type, String path) {
        Written written = Written.of(source);
        Optional<Asked> asked = Asked.of(type);
        if (written == Written.WHOLE
                && asked.equals(Optional.of(Asked.TIMESTAMP))
                && rules.epoch().isEmpty()) {
            problem(
                    path,
                    "is a timestamp, and " + described(source)
                            + " is a whole number; say with epoch(…) of the format what it counts");
            return Optional.empty();
        }
        if (written == Written.WHOLE && asked.equals(Optional.of(Asked.DATE)) && !rules.epochDays()) {
            problem(
                    path,
                    "is a date, and " + described(source)
                            + " is a whole number; say epochDays() of the format if it counts days");
            return Optional.empty();
        }
        if (written.isInexact() && asked.equals(Optional.of(Asked.DECIMAL))) {
            problem(
                    path,
                    "is a decimal, and " + described(source)
                            + " does not hold all decimals exactly; declare a double, or have text sent");
            return Optional.empty();
        }
        if (asked.filter(written::fits).isEmpty()) {
            misfit(path, type, source);
            return Optional.empty();
        }
        if (written == Written.ENUM) {
            EnumContent content = new EnumContent(source.getEnumType(), type);
            if (!content.fits()) {
                problem(
                        path,
                        "has none of the names of enum " + source.getEnumType().getFullName() + " among its symbols");
            }
            return Optional.of(content);
        }
        return Optional.of(new SingleContent(
                source, type, scalars, written == Written.WHOLE ? new ScalarTexts(rules.epoch()) : texts));
    }

    private Optional<Schema> notNull(Schema type, String path) {
        if (type.getType() != Schema.Type.UNION) {
            return Optional.of(type);
        }
        List<Schema> others = type.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (others.size() != 1) {
            problem(path, "is a union of " + others.size() + " types; use null and one type");
            return Optional.empty();
        }
        return Optional.of(others.get(0));
    }

    private Optional<FieldPlan> misfit(String path, Schema type, FieldDescriptor source) {
        problem(path, "is of type " + described(type) + ", which cannot hold " + described(source));
        return Optional.empty();
    }

    private static String described(Schema type) {
        return type.getLogicalType() == null
                ? type.getType().getName()
                : type.getLogicalType().getName();
    }

    private static String described(FieldDescriptor source) {
        String type = source.isMapField()
                ? "map"
                : source.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        ? source.getMessageType().getFullName()
                        : source.getJavaType() == FieldDescriptor.JavaType.ENUM
                                ? source.getEnumType().getFullName()
                                : source.getType().name().toLowerCase(Locale.ROOT);
        return (source.isRepeated() && !source.isMapField() ? "repeated " : "") + type + " " + source.getFullName();
    }

    private void problem(String path, String what) {
        problems.add("schema " + schema.getFullName() + ": " + path + " " + what);
    }

    private static String inside(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}

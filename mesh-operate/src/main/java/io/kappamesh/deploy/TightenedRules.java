package io.kappamesh.deploy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.InputPort;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.deploy.DeployReport.History;
import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.deploy.DeployReport.RuleVerdict;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.ShownKey;
import io.kappamesh.intake.Reason;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.offence.RuleChanges;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a build's own rules are going to refuse, or find broken, of the records that there are: of rules that are new or ask for more than those of what is
 * deployed. Only rules that are conditions can be judged without the build's code. One thread at a time.
 */
final class TightenedRules {
    private final Catalog catalog;
    private final Set<String> topics;
    private final SchemaRegistry registry;
    private final Map<String, Object> client;
    private final boolean reads;

    /**
     * @param topics that exist
     * @param reads whether records are read
     */
    TightenedRules(
            Catalog catalog, Set<String> topics, SchemaRegistry registry, Map<String, Object> client, boolean reads) {
        this.catalog = catalog;
        this.topics = topics;
        this.registry = registry;
        this.client = client;
        this.reads = reads;
    }

    /**
     * One verdict for each port that has such rules; none of a product of which nothing is deployed.
     *
     * @param shadow the topic of a candidate of the build in place of an output port; empty = there is none
     */
    List<RuleVerdict> of(ProductDescription build, Function<OutputDescription, Optional<String>> shadow) {
        Optional<ProductDescription> deployed = catalog.product(build.name()).flatMap(FoundProduct::description);
        if (deployed.isEmpty()) {
            return List.of();
        }
        List<RuleVerdict> verdicts = new ArrayList<>();
        for (InputDescription input : build.inputs()) {
            @Nullable
            RecordDescription today = deployed.get().inputs().stream()
                    .filter(one -> one.address().equals(input.address()))
                    .map(InputDescription::needs)
                    .findFirst()
                    .orElse(null);
            List<RecordDescription.Rule> rules = RuleChanges.refusing(today, input.needs());
            if (!rules.isEmpty()) {
                verdicts.add(new Trial(build.product(), input, today, rules).verdict());
            }
        }
        for (OutputDescription output : build.outputs()) {
            @Nullable
            RecordDescription today = deployed.get().outputs().stream()
                    .filter(one -> one.address().equals(output.address()))
                    .map(OutputDescription::records)
                    .findFirst()
                    .orElse(null);
            List<RecordDescription.Rule> rules = RuleChanges.promised(today, output.records());
            if (!rules.isEmpty()) {
                verdicts.add(new Trial(build.product(), output, rules, shadow.apply(output)).verdict());
            }
        }
        return verdicts;
    }

    /** The rules of one port. */
    private final class Trial {
        private final String product;
        private final String address;
        private final String topic;
        private final boolean isInput;
        private final boolean isSource;
        private final boolean isOfCandidate;
        private final RecordDescription next;
        private final @Nullable RecordDescription today;
        private final List<RecordDescription.Rule> rules;
        private final List<String> unchecked = new ArrayList<>();

        Trial(
                String product,
                InputDescription input,
                @Nullable RecordDescription today,
                List<RecordDescription.Rule> rules) {
            this.product = product;
            this.address = input.address();
            this.topic = input.topic();
            this.isInput = true;
            this.isSource = input.source() != null;
            this.isOfCandidate = false;
            this.next = input.needs();
            this.today = today;
            this.rules = rules;
        }

        Trial(String product, OutputDescription output, List<RecordDescription.Rule> rules, Optional<String> shadow) {
            this.product = product;
            this.address = output.address();
            this.topic = shadow.orElse(output.address());
            this.isInput = false;
            this.isSource = false;
            this.isOfCandidate = shadow.isPresent();
            this.next = output.records();
            this.today = null;
            this.rules = rules;
        }

        RuleVerdict verdict() {
            Optional<Schema> schema = DeployCheck.schema(next);
            if (schema.isEmpty()) {
                return unread("its schema does not stand in what the build says of itself");
            }
            if (!reads || !topics.contains(topic)) {
                return unread("no records were read");
            }
            try {
                return judged(schema.get());
            } catch (AuthorizationException refused) {
                return unread("these credentials may not read " + topic + "; grant Read on it");
            } catch (DeclarationException ofAnotherVersion) {
                return unread("what is declared cannot be read here: " + ofAnotherVersion.getMessage());
            }
        }

        private RuleVerdict unread(String why) {
            unchecked.clear();
            rules.forEach(rule -> unchecked.add("rule " + rule.name() + " is new or stricter: " + why));
            return new RuleVerdict(product, address, isInput, History.NONE, false, List.of(), unchecked);
        }

        private RuleVerdict judged(Schema schema) {
            List<RecordTrial<GenericRecord>> trials = new ArrayList<>();
            for (RecordDescription.Rule rule : rules) {
                if (rule.condition() == null) {
                    unchecked.add("rule " + rule.name() + " is new or stricter, and a function in the build's code ("
                            + rule.description() + "); as a Condition it would be checked, and a candidate shows it");
                } else {
                    trials.add(trial(schema, next, List.of(rule), null));
                }
            }
            if (trials.isEmpty()) {
                return new RuleVerdict(product, address, isInput, History.NONE, false, List.of(), unchecked);
            }
            Optional<RecordTrial<GenericRecord>> before = Optional.ofNullable(today)
                    .flatMap(known -> DeployCheck.schema(known)
                            .map(reader -> trial(reader, known, known.rules(), isSource ? null : known.keyField())));
            OffenceTally tally = new OffenceTally();
            Passed passed = new Passed();
            long records = new HistoryTrial(client, registry)
                    .read(topic, (record, value) -> judge(record, value, trials, before, tally, passed));
            if (isSource) {
                unchecked.add("which records of " + topic
                        + " belong to the source, and whether it reads further topics;" + " all records of " + topic
                        + " were judged, because that is not in what a build says of itself");
            }
            if (passed.undecodable > 0) {
                unchecked.add(passed.undecodable + " records cannot be decoded here with the build's schema"
                        + (isSource
                                ? ", if the source is read in another format; a candidate shows what becomes of them"
                                : ""));
            }
            if (passed.others > 0) {
                unchecked.add(passed.others + " records are refused for other reasons than rules (" + passed.reasons()
                        + "), and are not counted here");
            }
            List<Offence> offences = tally.offences(record -> shown(record, schema));
            List<String> unknown = unknownToday();
            if (offences.stream().anyMatch(one -> one.records() > 0)) {
                unchecked.addAll(unknown);
            }
            return new RuleVerdict(
                    product,
                    address,
                    isInput,
                    new History(topic, records, isOfCandidate, 0),
                    isInput && today != null && unknown.isEmpty(),
                    offences,
                    unchecked);
        }

        /** What may refuse a record today and is not known here, a sentence each. */
        private List<String> unknownToday() {
            if (today == null) {
                return List.of();
            }
            List<String> unknown = new ArrayList<>();
            if (DeployCheck.schema(today).isEmpty()) {
                unknown.add("what is refused today, because today's schema does not stand in the catalogue");
            }
            if (isSource) {
                unknown.add("what is refused today for its key, its event time or its lateness");
            } else if (today.key() != null && today.keyField() == null) {
                unknown.add("what is refused today for its key, because " + today.key()
                        + " is a function in the code that is deployed");
            }
            today.rules().stream()
                    .filter(rule -> rule.condition() == null && RuleChanges.refuses(rule))
                    .forEach(rule -> unknown.add("what is refused today by rule " + rule.name()
                            + ", which is a function in the code that is deployed"));
            return unknown;
        }

        private void judge(
                ConsumerRecord<byte[], byte[]> record,
                byte[] value,
                List<RecordTrial<GenericRecord>> trials,
                Optional<RecordTrial<GenericRecord>> before,
                OffenceTally tally,
                Passed passed) {
            for (RecordTrial<GenericRecord> trial : trials) {
                Optional<RecordTrial.Refusal> refusal = trial.refusal(record, value);
                if (refusal.isPresent() && refusal.get().broken() == null) {
                    if (passed.noted(refusal.get().reason())) {
                        return;
                    }
                    continue;
                }
                refusal.ifPresent(one -> tally.count(
                        OffenceTally.Reason.of(one),
                        record,
                        before.flatMap(now -> now.refusal(record, value))
                                .filter(this::isKnown)
                                .isPresent()));
            }
        }

        /** A source reads keys and formats that are not known here: what is refused for them here may be taken. */
        private boolean isKnown(RecordTrial.Refusal refusal) {
            return !isSource || refusal.broken() != null || refusal.reason().equals(Reason.TOO_LARGE.text());
        }

        private RecordTrial<GenericRecord> trial(
                Schema reader,
                RecordDescription records,
                List<RecordDescription.Rule> some,
                @Nullable String keyField) {
            InputPort.Builder<GenericRecord> port =
                    InputPort.table(address, GenericRecord.class).schema(reader).maxRecordBytes(records.maxBytes());
            if (isSource || records.eventTime() == null) {
                port.withoutEventTime(); // a source may count units, or write text
            } else {
                port.eventTime(records.eventTime());
            }
            if (keyField != null) {
                port.key(keyField);
            }
            for (RecordDescription.Rule rule : some) {
                if (rule.condition() != null) {
                    Condition condition = Condition.of(rule.condition());
                    if (isInput) {
                        port.demands(rule.name(), rule.description(), condition, rule.action());
                    } else {
                        port.demands(rule.name(), rule.description(), condition);
                    }
                }
            }
            InputPort<GenericRecord> built = port.build();
            Object unused = built.address(); // a declaration that does not hold says so here
            AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(reader), registry);
            return new RecordTrial<>(built, decoder::decode, Codecs.schemas(registry));
        }

        private String shown(ConsumerRecord<byte[], byte[]> record, Schema schema) {
            List<Schema> schemas = new ArrayList<>(List.of(schema));
            Optional<Schema> known = Optional.ofNullable(today).flatMap(DeployCheck::schema);
            Optional<Schema> owners = catalog.port(address)
                    .flatMap(port -> DeployCheck.schema(port.output().records()));
            known.ifPresent(schemas::add);
            owners.ifPresent(schemas::add);
            boolean isClassificationKnown =
                    isOfCandidate || (isSource ? today == null || known.isPresent() : owners.isPresent());
            return ShownKey.of(record.key(), next, isClassificationKnown ? schemas : List.of());
        }
    }

    /** Records that no rule has refused, and that are refused nevertheless. */
    private static final class Passed {
        private final Set<String> reasons = new TreeSet<>();
        private long undecodable;
        private long others;

        /** Whether no rule was asked. The key is looked at after the rules, so that they hold for a record that is refused for it. */
        boolean noted(String reason) {
            if (reason.equals(Reason.KEY.text())) {
                return false;
            }
            if (reason.equals(Reason.UNDECODABLE.text())) {
                undecodable++;
            } else {
                others++;
                reasons.add(reason);
            }
            return true;
        }

        String reasons() {
            return String.join(", ", reasons);
        }
    }
}

package io.kappamesh.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kappamesh.Internal;
import io.kappamesh.access.Authorizer;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.InputReach;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.build.LibraryVersion;
import io.kappamesh.build.ProductBuild;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.compare.Horizons;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.GenerationTopics;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.PortMismatch;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.lint.Rule;
import io.kappamesh.offence.DeployedProduct;
import io.kappamesh.offence.RuleChanges;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.ProductRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Says what a replay of a product would take, and what speaks against it. Changes nothing. */
@Internal
public final class Planner {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Set<String> HINDERING = Stream.of(
                    Rule.CORRECTED_INPUT, Rule.STREAM_TABLE_JOIN, Rule.GLOBAL_TABLE, Rule.EMIT_ON_CLOSE)
            .map(Rule::id)
            .collect(Collectors.toUnmodifiableSet());

    private final Admin admin;
    private final Settings settings;
    private final ProductRecords domains;
    private final Clock clock = Clock.systemUTC();

    public Planner(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
        this.domains = new ProductRecords(admin, settings);
    }

    public Plan plan(ProductName product) {
        return Attempt.at("plan for " + product, () -> plan(domains.of(product)));
    }

    /** With what a build of this program would change. */
    public Plan plan(ProductBuild build, SchemaRegistry registry) {
        ProductName product = build.streaming().product().name();
        return Attempt.at("plan for " + product, () -> {
            ProductLifecycle now = domains.of(product);
            Plan plan = plan(now);
            Set<String> breaking = new TreeSet<>();
            build.streaming().product().outputs().forEach(output -> {
                if (!registry.broken(
                                output.address().valueSubject(),
                                output.contract().schema(),
                                Compatibility.FULL_TRANSITIVE)
                        .isEmpty()) {
                    breaking.add(output.address().topic());
                }
            });
            List<String> outputs = build.streaming().product().outputs().stream()
                    .map(output -> output.address().topic())
                    .toList();
            List<String> notes = new ArrayList<>(rules(build));
            return now.serving()
                    .map(serving -> {
                        PortMismatch.of(now, serving, outputs)
                                .map(mismatch -> "product " + product
                                        + ": without a replay, a start of this build is refused: "
                                        + mismatch.sentence(product))
                                .ifPresent(notes::add);
                        return plan.with(
                                BuildChange.between(
                                        serving, build.build(), build.fingerprint(), build.code(), breaking),
                                notes);
                    })
                    .orElse(plan);
        });
    }

    /** Rules of inputs and outputs that are new or stricter, a sentence each. How much that is takes the records to say, which a plan does not read. */
    private List<String> rules(ProductBuild build) throws InterruptedException {
        ProductDescription next =
                ProductDescription.of(build.streaming().product(), build.build(), LibraryVersion.text(), Map.of());
        Map<String, RecordDescription> today = new TreeMap<>();
        Map<String, RecordDescription> promised = new TreeMap<>();
        try {
            Optional<ProductDescription> deployed = DeployedProduct.read(admin, settings.client(), next.name());
            if (deployed.isEmpty()) {
                return List.of();
            }
            deployed.get().inputs().forEach(input -> today.put(input.address(), input.needs()));
            deployed.get().outputs().forEach(output -> promised.put(output.address(), output.records()));
        } catch (KafkaException unread) {
            return List.of("product " + next.product()
                    + ": whether its rules refuse more than those that are deployed is not known, because the"
                    + " catalogue cannot be read: " + unread.getMessage());
        }
        List<String> notes = new ArrayList<>();
        next.inputs()
                .forEach(input -> RuleChanges.refusing(today.get(input.address()), input.needs())
                        .forEach(rule -> notes.add("rule " + rule.name() + " at " + input.address()
                                + " is new or stricter: how many records it "
                                + (RuleChanges.stops(rule)
                                        ? "stops at is not known here, and the first of them stops the product;"
                                                + " `can-i-deploy` counts them if it is a condition"
                                        : "refuses that are taken today is not known here; `can-i-deploy` counts them"
                                                + " if it is a condition, and `verify` of a candidate in any case"))));
        next.outputs()
                .forEach(output -> RuleChanges.promised(promised.get(output.address()), output.records())
                        .forEach(rule -> notes.add("rule " + rule.name() + " of " + output.address()
                                + " is new or stricter: how many records break it is not known here; `can-i-deploy`"
                                + " counts them if it is a condition"
                                + (RuleChanges.stops(rule)
                                        ? ". What would become such a record stops the product"
                                        : RuleChanges.refuses(rule)
                                                ? ". What would become such a record is a dead letter"
                                                : ""))));
        return notes;
    }

    /** Of a candidate of another build that is under way; what breaks readers did not come so far. */
    private static Optional<BuildChange> change(ProductLifecycle lifecycle) {
        return lifecycle
                .serving()
                .flatMap(serving -> underWay(lifecycle)
                        .filter(candidate -> !candidate.build().equals(serving.build()))
                        .map(candidate -> BuildChange.between(
                                serving,
                                candidate.build(),
                                candidate.fingerprint(),
                                candidate.computation().code(),
                                Set.of())));
    }

    /** A plan by what is decided about a product. */
    public Plan plan(ProductLifecycle lifecycle) throws ExecutionException, InterruptedException {
        ProductName product = lifecycle.name();
        Generation next = new Generation(
                product, underWay(lifecycle).map(GenerationRecord::number).orElseGet(lifecycle::nextNumber));
        List<String> warnings = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        underWay(lifecycle)
                .ifPresent(one -> warnings.add("product " + product + ": g" + one.number()
                        + " is a candidate already, of build " + one.build()
                        + "; it is resumed, and none is begun beside it. `abort " + product + "` ends it"));
        Cut cut = lifecycle.cut();
        if (cut != null && !cut.isOver(clock.instant())) {
            warnings.add("product " + product + ": generations " + cut.generations()
                    + " are paused by another command. If that is at work, wait until it is done: the next command that decides"
                    + " takes over from it. If it died, the next one lets them go on, and so does `release " + product
                    + "`");
        }
        Optional<GenerationRecord> serving = lifecycle.serving();
        if (serving.isEmpty()) {
            refusals.add("product " + product
                    + ": no generation serves, so there is nothing to replace; start its domain without replay first");
        }
        DiskUsage disk = DiskUsage.of(admin);
        Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
        List<InputPlan> inputs = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        if (serving.isPresent()) {
            Generation one = new Generation(product, serving.get().number());
            inputs.addAll(inputs(serving.get().inputs(), existing, disk, warnings, refusals));
            if (existing.containsAll(serving.get().inputs())
                    && existing.containsAll(serving.get().outputs())) {
                warnings.addAll(horizon(lifecycle, serving.get()));
            }
            taken.addAll(GenerationTopics.published(one, serving.get()));
            taken.addAll(GenerationTopics.internal(one, existing));
        }
        Optional<Duration> lasts = measured(lifecycle)
                .map(rate -> Duration.ofSeconds(
                        Math.round(inputs.stream().mapToLong(InputPlan::records).sum() / rate)));
        for (KeptDeletions kept : keptDeletions(inputs, lasts)) {
            kept.refusal().ifPresent(refusals::add);
            kept.warning().ifPresent(warnings::add);
        }
        List<ProductLifecycle> everybody = domains.all();
        List<Downstream> downstream = reached(lifecycle, everybody, corrections(lifecycle), existing);
        domains.leftOut().forEach(why -> warnings.add("the list of readers may be incomplete: " + why));
        hidden(lifecycle, downstream, everybody).ifPresent(warnings::add);
        Plan plan = new Plan(
                product,
                next,
                inputs,
                Optional.empty(),
                disk.of(taken),
                downstream,
                exemptions(lifecycle),
                change(lifecycle),
                warnings,
                refusals);
        return measured(lifecycle).map(plan::at).orElse(plan);
    }

    /** Who reads on, with what a comparison says that it would see. */
    public List<Downstream> reached(ProductName product, Verification found) {
        return Attempt.at("readers of " + product, () -> {
            Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
            return reached(domains.of(product), domains.all(), Reach.corrections(found), existing);
        });
    }

    /** That there may be more readers than brokers let this principal see, in a sentence; empty = there are none. */
    public Optional<String> hidden(ProductName product) {
        return Attempt.at("readers of " + product, () -> {
            ProductLifecycle lifecycle = domains.of(product);
            List<ProductLifecycle> everybody = domains.all();
            return hidden(lifecycle, downstream(lifecycle, everybody), everybody);
        });
    }

    private Optional<String> hidden(
            ProductLifecycle lifecycle, List<Downstream> downstream, List<ProductLifecycle> everybody)
            throws ExecutionException, InterruptedException {
        Authorizer authorizer = Authorizer.of(admin);
        if (!authorizer.mayHide()) {
            return Optional.empty();
        }
        Set<String> readers =
                downstream.stream().map(one -> one.product().toString()).collect(Collectors.toSet());
        Set<String> ports = Stream.concat(
                        Stream.of(lifecycle), everybody.stream().filter(one -> readers.contains(one.product())))
                .flatMap(one -> one.live().stream())
                .flatMap(one -> one.outputs().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Optional<Set<String>> principals = authorizer.readers(ports);
        if (principals.isPresent() && principals.get().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "the list of readers may be incomplete: brokers hide products whose control topic these credentials may"
                        + " not describe; "
                        + principals
                                .map(some -> "principals that may read " + ports + ": " + some)
                                .orElse("with DESCRIBE on the cluster it could be said which principals may read "
                                        + ports));
    }

    private List<Downstream> reached(
            ProductLifecycle lifecycle,
            List<ProductLifecycle> everybody,
            Map<String, Long> corrections,
            Set<String> existing)
            throws ExecutionException, InterruptedException {
        Set<String> ports = lifecycle.live().stream()
                .flatMap(one -> one.outputs().stream())
                .filter(existing::contains)
                .collect(Collectors.toSet());
        Map<String, Long> records = new TreeMap<>();
        Map<TopicPartition, Long> beginnings = TopicEnds.beginnings(admin, ports);
        TopicEnds.committed(admin, ports)
                .forEach((partition, end) ->
                        records.merge(partition.topic(), end - beginnings.getOrDefault(partition, 0L), Long::sum));
        return downstream(lifecycle, everybody).stream()
                .map(one -> one.reached(lifecycle.live(), corrections, records))
                .toList();
    }

    /** What the last comparison of the candidate that is under way with the serving generation found; empty = there is none. */
    private static Map<String, Long> corrections(ProductLifecycle lifecycle) {
        return underWay(lifecycle)
                .flatMap(Planner::kept)
                .filter(found -> lifecycle
                        .serving()
                        .filter(one -> one.number() == found.serving())
                        .isPresent())
                .map(Reach::corrections)
                .orElse(Map.of());
    }

    /** Where there is none, it may be JSON's null. A report that another version kept may not be readable by this one. */
    private static Optional<Verification> kept(GenerationRecord candidate) {
        try {
            return candidate.findings().verification() == null
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.treeToValue(candidate.findings().verification(), Verification.class));
        } catch (JsonProcessingException ofAnotherVersion) {
            return Optional.empty();
        }
    }

    /** The rate in records per second at which the newest generation that was measured was replayed. */
    private static Optional<Double> measured(ProductLifecycle lifecycle) {
        return lifecycle.generations().stream()
                .map(one -> one.findings().recordsPerSecond())
                .filter(Objects::nonNull)
                .reduce((before, newer) -> newer);
    }

    /** The candidate that is on its way to replace the serving generation, and never served before. */
    public static Optional<GenerationRecord> underWay(ProductLifecycle lifecycle) {
        return lifecycle.underWay();
    }

    private List<InputPlan> inputs(
            List<String> topics, Set<String> existing, DiskUsage disk, List<String> warnings, List<String> refusals)
            throws ExecutionException, InterruptedException {
        List<String> found = topics.stream().filter(existing::contains).toList();
        topics.stream()
                .filter(topic -> !existing.contains(topic))
                .forEach(topic -> refusals.add(
                        "input " + topic + ": does not exist; its owner has to provision it again, with its history"));
        Map<TopicPartition, Long> beginnings = TopicEnds.beginnings(admin, found);
        Map<TopicPartition, Long> ends = TopicEnds.committed(admin, found);
        Map<String, Config> configs = configs(found);
        List<InputPlan> inputs = new ArrayList<>();
        for (String topic : found) {
            Map<Integer, Long> missing = new TreeMap<>();
            long end = 0;
            int partitions = 0;
            for (Map.Entry<TopicPartition, Long> one : ends.entrySet()) {
                if (one.getKey().topic().equals(topic)) {
                    partitions++;
                    end += one.getValue();
                    long first = beginnings.getOrDefault(one.getKey(), 0L);
                    if (first > 0) {
                        missing.put(one.getKey().partition(), first);
                    }
                }
            }
            long gone = missing.values().stream().mapToLong(Long::longValue).sum();
            inputs.add(new InputPlan(topic, partitions, gone, end, end - gone, disk.of(Set.of(topic))));
            if (!missing.isEmpty() && isDeleting(configs.get(topic))) {
                Optional<Duration> kept = retention(configs.get(topic));
                if (kept.isPresent()) {
                    warnings.add(expired(topic, missing, kept.get()));
                } else {
                    (settings.historyRequired().isPresent() ? warnings : refusals).add(incomplete(topic, missing));
                }
            }
        }
        return inputs;
    }

    private List<String> horizon(ProductLifecycle lifecycle, GenerationRecord serving)
            throws ExecutionException, InterruptedException {
        Horizon next = underWay(lifecycle).map(one -> one.history().horizon()).orElse(null);
        if (next == null) {
            next = Horizons.ofNext(
                    admin,
                    lifecycle,
                    TopicEnds.origin(admin, serving.inputs()),
                    settings.historyRequired(),
                    Clock.systemUTC().instant());
        }
        return Horizons.warnings(next, serving.outputs(), InputReach.retentions(admin, serving.outputs()));
    }

    /** That records are kept for a time only is declared: no process runs a product whose inputs are kept for less than it declares. */
    private static String expired(String topic, Map<Integer, Long> missing, Duration kept) {
        return "input " + topic + ": keeps its records for " + kept + ": " + beginnings(missing)
                + ", so that a replay reads what is left; what it cannot compute from that lies beyond the horizon";
    }

    private static String beginnings(Map<Integer, Long> missing) {
        return missing.entrySet().stream()
                .map(one -> "partition " + one.getKey() + " begins at offset " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String incomplete(String topic, Map<Integer, Long> missing) {
        return "input " + topic + ": its history is not complete: " + beginnings(missing)
                + ", and what was before is deleted (cleanup.policy=delete), so that a replay computes something else. Restore it, with"
                + " retention.ms=-1 from then on; or say with mesh.history.required how far back is enough. A compacted topic, which"
                + " keeps the latest record of each key, is fine";
    }

    private List<KeptDeletions> keptDeletions(List<InputPlan> inputs, Optional<Duration> lasts)
            throws ExecutionException, InterruptedException {
        List<KeptDeletions> kept = new ArrayList<>();
        configs(inputs.stream().map(InputPlan::topic).toList()).forEach((topic, config) -> {
            String millis = value(config, TopicConfig.DELETE_RETENTION_MS_CONFIG);
            if (value(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                    && !millis.isEmpty()) {
                kept.add(new KeptDeletions(topic, Duration.ofMillis(Long.parseLong(millis)), lasts));
            }
        });
        return kept;
    }

    private Map<String, Config> configs(List<String> topics) throws ExecutionException, InterruptedException {
        return new TreeMap<>(TopicAdmin.configs(admin, topics));
    }

    /** For how long a topic keeps records; empty = forever, or nobody knows. */
    private static Optional<Duration> retention(@Nullable Config config) {
        String millis = config == null ? "" : value(config, TopicConfig.RETENTION_MS_CONFIG);
        return Optional.of(millis)
                .filter(text -> !text.isEmpty())
                .map(Long::parseLong)
                .filter(kept -> kept >= 0)
                .map(Duration::ofMillis);
    }

    private static boolean isDeleting(@Nullable Config config) {
        return config != null
                && value(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_DELETE);
    }

    /** Empty where brokers do not tell. */
    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private static List<Exemption> exemptions(ProductLifecycle product) {
        return product.live().stream()
                .flatMap(one -> one.exemptions().stream())
                .distinct()
                .toList();
    }

    /** Those because of which results may stay as they were when an input is corrected; others are about other things. */
    private static List<Exemption> hindrances(ProductLifecycle product) {
        return exemptions(product).stream()
                .filter(exemption -> HINDERING.contains(exemption.rule()))
                .toList();
    }

    /** Who reads what the product publishes, and who reads what those publish, and so on; each once. */
    static List<Downstream> downstream(ProductLifecycle product, List<ProductLifecycle> everybody) {
        Map<String, Downstream> found = new LinkedHashMap<>();
        List<ProductLifecycle> nearest = List.of(product);
        while (!nearest.isEmpty()) {
            Set<String> published = nearest.stream()
                    .flatMap(one -> one.live().stream())
                    .flatMap(one -> one.outputs().stream())
                    .collect(Collectors.toSet());
            List<ProductLifecycle> further = new ArrayList<>();
            for (ProductLifecycle reader : everybody) {
                List<String> reads = reader.live().stream()
                        .flatMap(one -> one.inputs().stream())
                        .filter(published::contains)
                        .distinct()
                        .sorted()
                        .toList();
                boolean isNew = !reader.product().equals(product.product()) && !found.containsKey(reader.product());
                if (isNew && !reads.isEmpty()) {
                    found.put(
                            reader.product(),
                            new Downstream(reader.name(), reads, hindrances(reader), Optional.empty()));
                    further.add(reader);
                }
            }
            nearest = further;
        }
        return List.copyOf(found.values());
    }
}

package io.kappamesh.lifecycle;

import io.kappamesh.access.AccessRule;
import io.kappamesh.access.DomainAccess;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.build.ProductBuild;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.offence.OffenceCounter;
import io.kappamesh.offence.RuleOffence;
import io.kappamesh.plan.Downstream;
import io.kappamesh.plan.Plan;
import io.kappamesh.plan.Planner;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.status.ProductRecords;
import io.kappamesh.status.StatusReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.SecurityDisabledException;

/**
 * What can be done with the generations of products: what an operator's command does, and what a service can embed. Everything is
 * told from the brokers, so that it works from anywhere, and nothing of it is lost with the process that asked for it. One operation
 * at a time decides about a product: a later one takes over from an earlier one, which is then told so.
 *
 * <p>One thread at a time. Every operation throws {@link LifecycleException} when it is refused or cannot be done, with what to do next.
 */
public final class Lifecycle implements AutoCloseable {
    /** Longer than a consumer group waits for a member that does not answer. */
    private static final Duration TO_OBEY = Duration.ofMinutes(2);

    /** As long as an admin client tries by itself to have an answer. */
    private static final Duration TO_ANSWER = Duration.ofMinutes(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private static final Duration BEFORE_A_WORD = Duration.ofSeconds(2);

    private final Settings settings;
    private final Admin admin;
    private final SchemaRegistry registry;
    private final StatusReader statuses;
    private final Planner planner;
    private final CandidateStarter starter;
    private final Retirer retirer;

    private Lifecycle(Settings settings) {
        this.settings = settings;
        this.admin = LazyAdmin.of(settings.admin());
        this.registry = SchemaRegistry.connect(settings.registry());
        this.statuses = new StatusReader(admin, settings);
        this.planner = new Planner(admin, settings);
        this.starter = new CandidateStarter(admin, settings);
        this.retirer = new Retirer(admin, settings, TO_OBEY);
    }

    /** Connects when it is first needed. */
    public static Lifecycle connect(Settings settings) {
        return Attempt.at("brokers " + settings.bootstrapServers(), () -> new Lifecycle(settings));
    }

    /**
     * Waits until a broker answers.
     *
     * @param progress is told, after two seconds, for whom this waits
     * @throws LifecycleException {@link ExitCode#PLATFORM} with their addresses, when none does for as long as the admin client waits
     */
    public void reach(Progress progress) {
        String brokers = "brokers at " + settings.bootstrapServers();
        long began = System.nanoTime();
        Attempt.at(brokers, () -> {
            KafkaFuture<String> answer = asked(brokers, progress, began);
            try {
                return answer.get(BEFORE_A_WORD.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                progress.step("waiting for " + brokers);
            }
            try {
                return answer.get();
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                    throw noneAnswered(brokers, failed);
                }
                throw failed;
            }
        });
    }

    /** A name may not resolve yet, and nobody may listen yet, when a machine or a cluster has just been started. */
    private KafkaFuture<String> asked(String brokers, Progress progress, long began) throws InterruptedException {
        boolean told = false;
        while (true) {
            KafkaException away;
            try {
                return admin.describeCluster().clusterId();
            } catch (KafkaException failed) {
                if (!LazyAdmin.isNotThereYet(failed)) {
                    throw failed;
                }
                away = failed;
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            boolean unresolved = LazyAdmin.isUnresolved(away);
            if (waited.compareTo(toAppear()) >= 0) {
                throw unresolved
                        ? new LifecycleException(
                                ExitCode.PLATFORM,
                                brokers
                                        + ": none of these names resolves; are they spelt right, and does this machine"
                                        + " know them?",
                                away)
                        : noneAnswered(brokers, away);
            }
            if (!told && (unresolved || waited.compareTo(BEFORE_A_WORD) >= 0)) {
                told = true;
                progress.step(
                        unresolved ? "waiting for the names of " + brokers + " to resolve" : "waiting for " + brokers);
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    /** For how long brokers may be away: as long as an admin client tries. */
    private Duration toAppear() {
        Object millis = settings.admin().get(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return millis == null
                ? TO_ANSWER
                : Duration.ofMillis(Long.parseLong(millis.toString().trim()));
    }

    private static LifecycleException noneAnswered(String brokers, Throwable why) {
        return new LifecycleException(
                ExitCode.PLATFORM,
                brokers + ": none answered; are they up, and is the address theirs? It is set by bootstrap.servers",
                why);
    }

    /** What a replay would take, and what speaks against it. Changes nothing. */
    public Plan plan(ProductName product) {
        return planner.plan(product);
    }

    /** The same, with what a build that is not running yet would change. */
    public Plan plan(ProductBuild build) {
        return planner.plan(build, registry);
    }

    /**
     * Begins a candidate of the build that serves, in all its processes; or returns the candidate that is under way. Returns at once:
     * {@link #status(ProductName)} tells how far it is.
     */
    public Generation replay(ProductName product) {
        return starter.begin(product).generation();
    }

    /** All generations of all domains, by product and number. Asked again, it also knows rates. */
    public List<GenerationStatus> status() {
        return statuses.all();
    }

    /** Which products the last {@link #status()} left out, because it cannot be told what is decided about them: a sentence each. */
    public List<String> leftOut() {
        return statuses.leftOut();
    }

    /** Which products the last {@link #status()} left out, because this principal may not look at them: a sentence each. */
    public List<String> refused() {
        return statuses.refused();
    }

    /**
     * Whether there may be products of which brokers let this principal see nothing: brokers with an authorizer hide those whose control topic
     * it may not describe.
     */
    public boolean mayHideProducts() {
        return statuses.mayHide();
    }

    /** All generations of a product, by number. Asked again, it also knows rates. */
    public List<GenerationStatus> status(ProductName product) {
        return statuses.of(product);
    }

    /**
     * Compares a candidate with the generation that serves, both at one cut: the latest value and timestamp of every key of every port.
     * The serving generation is paused only until it has committed. The report is kept with the candidate.
     *
     * @param candidate its number; empty = the newest one that is newer than the serving generation
     * @param expectations differences that are meant to be: {@code only-serving}, {@code only-candidate}, {@code timestamp},
     *     {@code changed:lines[].tax}, {@code removed} (a port that the candidate does not publish), each with {@code PORT/} in front for one port only
     */
    public Verification verify(
            ProductName product, OptionalInt candidate, List<String> expectations, Progress progress) {
        Verifier.parsed(expectations);
        return decide(
                product,
                writer -> new Verifier(admin, settings, registry, TO_OBEY)
                        .verify(writer, GenerationPair.of(writer.current(), candidate), expectations, progress));
    }

    /** Who reads what a product publishes, and how many corrections each would see, by a comparison that {@link #verify} made. */
    public List<Downstream> readers(Verification found) {
        return planner.reached(ProductName.of(found.product()), found);
    }

    /**
     * What the candidate of a comparison refuses by rules, and what of it the serving generation takes, by topic and rule. Reads the dead letters of
     * both.
     */
    public List<RuleOffence> offences(Verification found) {
        ProductName product = ProductName.of(found.product());
        return Attempt.at(
                "the dead letters of " + product,
                () -> new OffenceCounter(admin, settings).of(product, found.candidate()));
    }

    /**
     * That more products may read what this one publishes than brokers let this principal see, in a sentence; empty = there are none.
     * {@link #plan(ProductName)} says the same as a warning.
     */
    public Optional<String> hiddenReaders(ProductName product) {
        return planner.hidden(product);
    }

    /**
     * Proves that replay equals live: replays a product beside the serving generation, compares the two at one cut, and retires the replay again.
     * A candidate of the same build that is there already is compared and stays. Returns when that is done, which takes as long as
     * the replay. Interrupted, it leaves the candidate behind; called again, it compares that one, and {@link #abort} ends it.
     *
     * @param expectations differences that are meant to be, as for {@link #verify}
     */
    public Proof prove(ProductName product, List<String> expectations, Progress progress) {
        Verifier.parsed(expectations);
        return new Prover(settings, starter, statuses, retirer, TO_OBEY, progress)
                .prove(
                        product,
                        candidate -> verify(product, OptionalInt.of(candidate.number()), expectations, progress));
    }

    /**
     * Makes a candidate the generation that serves. Consumers of the public topics see corrections, and then what the new generation
     * writes. The one that served before goes on as a candidate. If the candidate named serves already, nothing changes: a caller who does
     * not know whether an earlier call was done can repeat it.
     *
     * @param candidate its number; empty = the newest one that is newer than the serving generation
     * @param force whether to do so although no verification of the last 24 hours agrees
     */
    public Promotion promote(ProductName product, OptionalInt candidate, boolean force, Progress progress) {
        return decide(
                product,
                writer -> candidate.isPresent() && serves(writer.current(), candidate.getAsInt())
                        ? Promotion.doneBefore(product, candidate.getAsInt())
                        : promoting().promote(writer, GenerationPair.of(writer.current(), candidate), force, progress));
    }

    private static boolean serves(ProductLifecycle now, int number) {
        return now.role(number).equals(Optional.of(Role.SERVING));
    }

    /**
     * Makes the generation that is next before the serving generation the one that serves. Whatever differs is corrected. What both were told since
     * they were exchanged is compared, unless the topics may have lost something of that, or it is not known when that was: then everything is,
     * as with {@link #promote}.
     */
    public Promotion rollback(ProductName product, Progress progress) {
        return decide(product, writer -> promoting().back(writer, GenerationPair.back(writer.current()), progress));
    }

    /** Ends a generation that does not serve, and deletes what it owned. Done again, it finishes what was interrupted. */
    public void retire(Generation generation, Progress progress) {
        retirer.retire(generation, progress);
    }

    /**
     * Ends an order to pause that a command left behind which died, so that its generations go on at once. Touches none of them:
     * what was begun, compared or promoted stays as it is.
     */
    public void release(ProductName product, Progress progress) {
        retirer.release(product, progress);
    }

    /** Gives up the replay that is under way: ends an order to pause, and retires the newest candidate if it never served. */
    public void abort(ProductName product, Progress progress) {
        retirer.abort(product, progress);
    }

    /**
     * Rebuilds what was decided about a product, where its control topic was lost, from what brokers hold of its generations. Nothing is
     * deleted; processes of the product have to be stopped. The first build that fits the state of the generation that serves goes
     * on with it.
     *
     * @param serving the number of the one that served; empty = there is one only
     * @param anew whether instead all that there is counts as retired, so that the next start begins a new generation that serves
     */
    public void recover(ProductName product, OptionalInt serving, boolean anew, Progress progress) {
        new Recoverer(admin, settings).recover(product, serving, anew, progress);
    }

    /**
     * What a domain touches on these brokers: inputs and outputs of its products that ever ran here, and the products of others. Of a
     * domain that never ran nothing but its name is known.
     */
    public DomainAccess access(String domain) {
        return Attempt.at("domain " + domain, () -> {
            Set<String> inputs = new TreeSet<>();
            Set<String> outputs = new TreeSet<>();
            Set<ProductName> others = new TreeSet<>();
            for (ProductLifecycle product : new ProductRecords(admin, settings).all()) {
                others.add(product.name());
                if (product.name().domain().equals(domain)) {
                    product.live().forEach(generation -> {
                        inputs.addAll(generation.inputs());
                        outputs.addAll(generation.outputs());
                    });
                }
            }
            return new DomainAccess(domain, inputs, outputs, others);
        });
    }

    /**
     * Grants rights. What is granted already stays.
     *
     * @param principal {@code User:sales}
     */
    public void grant(List<AccessRule> rules, String principal) {
        Attempt.at("rights of " + principal, () -> {
            try {
                admin.createAcls(rules.stream()
                                .flatMap(rule -> rule.bindings(principal).stream())
                                .toList())
                        .all()
                        .get();
                return rules;
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof SecurityDisabledException) {
                    throw new LifecycleException(
                            ExitCode.CONFIGURATION,
                            "brokers at " + settings.bootstrapServers()
                                    + " have no authorizer, so that everybody may do everything; set"
                                    + " authorizer.class.name there",
                            failed);
                }
                throw failed;
            }
        });
    }

    private Promoter promoting() {
        return new Promoter(admin, settings, registry, TO_OBEY);
    }

    private interface Operation<T> {
        T run(ControlWriter writer) throws ExecutionException, InterruptedException;
    }

    private <T> T decide(ProductName product, Operation<T> operation) {
        return Attempt.at("product " + product, () -> {
            if (!TopicAdmin.exists(admin, ControlTopic.of(product))) {
                throw new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + product + ": never ran here; is its name right, and are these its brokers?");
            }
            try (ControlWriter writer = ControlWriter.take(product, settings.client())) {
                return operation.run(writer);
            }
        });
    }

    @Override
    public void close() {
        registry.close();
        admin.close(Duration.ofSeconds(2));
    }
}

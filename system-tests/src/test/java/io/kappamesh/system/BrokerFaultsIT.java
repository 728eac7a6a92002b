package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Proof;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.testkit.LocalMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers, one of which goes every few seconds, two at once, or one that only sleeps, and the registry with them, while a product is
 * replayed, proved, verified, promoted and taken back, and sales go on. Nothing is lost or doubled, every command can be run again, the lag
 * is what it is, the product keeps up again soon after the last fault, and stops when it is told to. Of the long profile: {@code
 * -Dmesh.faults.seconds=N}, and the same faults again with {@code -Dmesh.faults.seed=N}.
 */
@Timeout(1_800)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class BrokerFaultsIT {
    private static final long SEED = Long.getLong("mesh.faults.seed", 1);
    /** What is promised: from the return of the last broker on. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private static final Duration TO_STOP = Duration.ofSeconds(35);
    private static final Duration FAULTS = Duration.ofSeconds(Integer.getInteger("mesh.faults.seconds", 300));
    /** What a command may end with while brokers come and go: the platform, or that something is not ready yet. */
    private static final Set<ExitCode> TO_BE_RUN_AGAIN = Set.of(ExitCode.PLATFORM, ExitCode.CONFIGURATION);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.withBrokers(3);

    @TempDir
    private Path home;

    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

    private enum Fault {
        KILL,
        TWO_AT_ONCE,
        SLEEP,
        REGISTRY
    }

    @Test
    void whateverBrokersDoEveryCommandCanBeRunAgainAndNothingIsLostOrDoubled() throws Exception {
        try (SoldItemsRun run = new SoldItemsRun(mesh, home, "broker-faults")) {
            SoldItemsRun.Instance first = run.serve("b1").awaitLive();
            LagWatch watch = new LagWatch(run);
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> bad = CompletableFuture.runAsync(() -> breakThings(stop));
            List<String> done = new ArrayList<>();
            List<String> refused = new ArrayList<>();
            try {
                run.replay("b1-candidate").awaitLive();
                long end = System.nanoTime() + FAULTS.toNanos();
                while (System.nanoTime() < end) {
                    exchanged(run, done, refused);
                }
            } finally {
                stop.set(true);
                bad.join();
            }
            await().alias("the rate of the input after the last fault")
                    .atMost(BACK_WITHIN)
                    .untilAsserted(() -> assertThat(outstanding(run))
                            .allSatisfy((generation, records) ->
                                    assertThat(records).as("g" + generation).isLessThan(SoldItemsRun.LAG_RECORDS)));
            watch.end();
            System.out.println(faults + ", done " + done + ", to be run again " + refused.size() + " of them "
                    + Set.copyOf(refused) + ", looks at the lag " + watch.looks() + ", outstanding in the end "
                    + outstanding(run));
            assertThat(watch.lies()).isEmpty();

            try {
                await().atMost(SoldItemsRun.TIMEOUT).until(() -> exchanged(run, done, refused));
            } catch (ConditionTimeoutException stuck) {
                throw new AssertionError(whereItStands(run, refused), stuck);
            }
            stopsInTimeWhileABrokerSleeps(first);
            run.requireNothingLostNothingDoubledNothingOld();
        }
    }

    private static String whereItStands(SoldItemsRun run, List<String> refused) {
        StringBuilder all = new StringBuilder("refused " + refused);
        try (Lifecycle operator = run.connect()) {
            operator.status(run.items().name).forEach(one -> all.append("\n").append(one));
        }
        run.instances()
                .forEach(instance -> all.append("\n").append(instance.process().logTail(60)));
        return all.toString();
    }

    /** How many sales each generation has not committed yet. */
    private static Map<Integer, Long> outstanding(SoldItemsRun run) throws Exception {
        Map<Integer, Long> outstanding = new TreeMap<>();
        for (int generation : List.of(run.serving(), run.candidate())) {
            outstanding.put(generation, run.ends() - run.committed(generation));
        }
        return outstanding;
    }

    private void stopsInTimeWhileABrokerSleeps(SoldItemsRun.Instance instance) {
        int asleep = mesh.kafka().brokerIds().iterator().next();
        mesh.kafka().pause(asleep);
        Duration took = instance.stopAndMeasure();
        mesh.kafka().resume(asleep);
        System.out.println("stopped in " + took);
        assertThat(took).isLessThan(TO_STOP);
        instance.start();
        instance.awaitLive();
    }

    /** Proves, verifies and promotes what does not serve; false = it has to be run again. */
    private static boolean exchanged(SoldItemsRun run, List<String> done, List<String> refused) {
        try (Lifecycle operator = run.connect()) {
            int candidate = run.candidate();
            Proof proof = operator.prove(run.items().name, List.of(), Progress.SILENT);
            assertThat(proof.holds()).as("%s", proof.verification()).isTrue();
            operator.verify(run.items().name, OptionalInt.of(candidate), List.of(), Progress.SILENT);
            operator.promote(run.items().name, OptionalInt.of(candidate), false, Progress.SILENT);
            done.add("g" + candidate);
            return true;
        } catch (LifecycleException again) {
            assertThat(TO_BE_RUN_AGAIN).as(again.getMessage()).contains(again.exitCode());
            refused.add(again.getMessage());
            return false;
        } catch (org.apache.kafka.common.KafkaException ofTheTestsOwnQuestions) {
            refused.add(String.valueOf(ofTheTestsOwnQuestions.getMessage()));
            return false;
        }
    }

    private void breakThings(AtomicBoolean stop) {
        Random random = new Random(SEED);
        LocalKafka kafka = mesh.kafka();
        List<Integer> brokers = List.copyOf(kafka.brokerIds());
        while (!stop.get()) {
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            int one = brokers.get(random.nextInt(brokers.size()));
            int other = brokers.get((brokers.indexOf(one) + 1) % brokers.size());
            faults.merge(fault, 1, Integer::sum);
            switch (fault) {
                case KILL -> {
                    kafka.kill(one);
                    rest(3);
                    kafka.start(one);
                }
                case TWO_AT_ONCE -> {
                    kafka.kill(one);
                    kafka.kill(other);
                    rest(3);
                    kafka.start(one);
                    kafka.start(other);
                }
                case SLEEP -> {
                    kafka.pause(one);
                    rest(12);
                    kafka.resume(one);
                }
                case REGISTRY -> {
                    mesh.registry().kill();
                    rest(3);
                    mesh.registry().start();
                }
            }
            rest(8 + random.nextInt(8));
        }
    }

    /** Faults are spread over time: here nothing can be awaited. */
    private static void rest(int seconds) {
        try {
            java.util.concurrent.TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.kappamesh.lifecycle;

import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.ShadowTopics;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.Horizons;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.GenerationTopics;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.plan.Plan;
import io.kappamesh.plan.Planner;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Begins a candidate of the build that serves: every process of that build starts to replay it when it reads the control topic. */
final class CandidateStarter {
    private final Admin admin;
    private final Settings settings;
    private final Planner planner;
    private final Clock clock = Clock.systemUTC();

    /**
     * What came out.
     *
     * @param generation the candidate
     * @param resumed whether it had been begun before
     */
    record Begun(Generation generation, boolean resumed) {}

    CandidateStarter(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
        this.planner = new Planner(admin, settings);
    }

    /**
     * Begins a candidate, unless one is under way.
     *
     * @throws LifecycleException {@link ExitCode#CONFIGURATION} with all that speaks against it
     */
    Begun begin(ProductName product) {
        return Attempt.at("replay of " + product, () -> {
            require(planner.plan(product));
            try (ControlWriter writer = ControlWriter.take(product, settings.client())) {
                return begin(product, writer);
            }
        });
    }

    /** Planned again, by what is decided now that nobody else decides. */
    private Begun begin(ProductName product, ControlWriter writer) throws ExecutionException, InterruptedException {
        ProductLifecycle current = writer.current();
        Optional<GenerationRecord> underWay = Planner.underWay(current);
        if (underWay.isPresent()) {
            return new Begun(new Generation(product, underWay.get().number()), true);
        }
        require(planner.plan(current));
        GenerationRecord serving = current.serving().orElseThrow();
        requireRun(new Generation(product, serving.number()), serving);
        Generation generation = new Generation(product, current.nextNumber());
        Map<TopicPartition, Long> goal = TopicEnds.committed(admin, serving.inputs());
        ShadowTopics.ensure(admin, generation, GenerationTopics.published(generation, serving));
        Origin origin = TopicEnds.origin(admin, serving.inputs());
        Horizon horizon = Horizons.ofNext(admin, current, origin, settings.historyRequired(), clock.instant());
        writer.decide(now -> now.with(GenerationRecord.begun(
                        generation.number(),
                        Role.CANDIDATE,
                        Computation.of(serving.build(), serving.fingerprint(), serving.exemptions()),
                        serving.ports(),
                        History.upTo(goal, clock.instant().toString()))
                .from(origin)
                .madeOf(serving.computation().code())
                .within(horizon)));
        return new Begun(generation, false);
    }

    /** What nobody runs, nobody would replay either. */
    private void requireRun(Generation generation, GenerationRecord serving)
            throws ExecutionException, InterruptedException {
        if (GroupMembers.alive(admin, generation.product(), Set.of(generation.number()))
                .isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    generation
                            + ": serves, and no process runs it, so that none would replay it beside; start one of build "
                            + serving.build() + ", and try again");
        }
    }

    private static void require(Plan plan) {
        if (!plan.isPossible()) {
            throw new LifecycleException(ExitCode.CONFIGURATION, String.join("\n", plan.refusals()));
        }
    }
}

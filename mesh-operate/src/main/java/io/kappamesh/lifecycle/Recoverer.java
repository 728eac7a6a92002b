package io.kappamesh.lifecycle;

import io.kappamesh.brokers.GenerationTraces;
import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.UndecidedException;
import io.kappamesh.cut.GenerationGroups;
import io.kappamesh.cut.GenerationTopics;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Rebuilds what was decided about a product from what brokers hold: consumer groups, internal topics and shadows tell which generations
 * there were, and committed offsets what they read. Which one served nothing tells for certain where there are several: the operator
 * has to. What a generation is, the first build tells that fits its state.
 */
final class Recoverer {
    private final Admin admin;
    private final Settings settings;
    private final GenerationGroups groups;
    private final Clock clock = Clock.systemUTC();

    Recoverer(Admin admin, Settings settings) {
        this.admin = admin;
        this.settings = settings;
        this.groups = new GenerationGroups(admin);
    }

    /**
     * Recovers a product.
     *
     * @throws LifecycleException {@link ExitCode#CONFIGURATION} when something is decided about it, a process runs, or it cannot be told
     *     which generation served
     */
    void recover(ProductName product, OptionalInt serving, boolean anew, Progress progress) {
        Attempt.at("recover " + product, () -> {
            requireLost(product, progress);
            GenerationTraces traces = GenerationTraces.find(admin, product, List.of());
            progress.step(product + ": brokers hold " + (traces.none() ? "nothing of it" : traces));
            requireStopped(product, traces);
            int which = anew ? 0 : chosen(product, serving, traces);
            ControlTopic.ensure(admin, product);
            try (ControlWriter writer = ControlWriter.takeUnread(product, settings.client())) {
                requireEmpty(writer.current());
                ProductLifecycle recovered = lifecycle(product, traces, which);
                writer.decide(now -> recovered);
            }
            progress.step(product + ": "
                    + (anew
                            ? "what there was counts as retired; the next start begins a new generation, and `retire` deletes what is left"
                            : "g" + which + " serves; start the build that computed it"));
            return null;
        });
    }

    private void requireLost(ProductName product, Progress progress) throws ExecutionException, InterruptedException {
        if (ControlTopic.products(admin).contains(product)) {
            try {
                ControlSnapshot.read(List.of(product), settings.client())
                        .lifecycle(product)
                        .ifPresent(Recoverer::requireEmpty);
            } catch (UndecidedException undecided) {
                if (!undecided.isUnreadable()) {
                    throw undecided;
                }
                progress.step(String.valueOf(undecided.getMessage()));
            }
        }
    }

    private static void requireEmpty(ProductLifecycle now) {
        if (now.nextNumber() > 1) {
            throw refused(
                    ProductName.of(now.product()),
                    "what is decided about it is there, see `status " + now.product() + "`");
        }
    }

    private void requireStopped(ProductName product, GenerationTraces traces)
            throws ExecutionException, InterruptedException {
        Set<Integer> alive =
                GroupMembers.alive(admin, product, traces.generations().keySet());
        if (!alive.isEmpty()) {
            throw refused(
                    product,
                    "processes run generations " + alive.stream().sorted().toList()
                            + "; stop all processes of the product first");
        }
    }

    private static int chosen(ProductName product, OptionalInt serving, GenerationTraces traces) {
        if (serving.isPresent() && traces.generations().containsKey(serving.getAsInt())) {
            return serving.getAsInt();
        }
        if (serving.isPresent() || traces.generations().size() != 1) {
            throw refused(
                    product,
                    "name with --serving the generation that served, one of "
                            + traces.generations().keySet()
                            + ", or say --anew, and the next start begins a new one; brokers hold "
                            + (traces.none() ? "nothing of it" : traces));
        }
        return traces.generations().firstKey();
    }

    private ProductLifecycle lifecycle(ProductName product, GenerationTraces traces, int serving)
            throws ExecutionException, InterruptedException {
        String now = clock.instant().toString();
        ProductLifecycle lifecycle = ProductLifecycle.empty(product);
        for (int number : traces.generations().keySet()) {
            Role role = serving == 0 ? Role.RETIRED : number == serving ? Role.SERVING : Role.CANDIDATE;
            lifecycle = lifecycle.with(
                    GenerationRecord.recovered(number, role, inputs(new Generation(product, number)), now));
        }
        // Numbers are never used again, and of those below the newest somebody may still know something.
        int newest = traces.generations().isEmpty() ? 1 : traces.generations().lastKey();
        return lifecycle.withPast(IntStream.rangeClosed(1, newest)
                .filter(number -> !traces.generations().containsKey(number))
                .boxed()
                .toList());
    }

    private List<String> inputs(Generation generation) throws ExecutionException, InterruptedException {
        List<String> inputs = new ArrayList<>(groups.committed(generation).keySet().stream()
                .map(partition -> partition.topic())
                .distinct()
                .sorted()
                .toList());
        inputs.removeAll(GenerationTopics.internal(generation, inputs));
        return inputs;
    }

    private static LifecycleException refused(ProductName product, String why) {
        return new LifecycleException(ExitCode.CONFIGURATION, "recover " + product + ": " + why);
    }
}

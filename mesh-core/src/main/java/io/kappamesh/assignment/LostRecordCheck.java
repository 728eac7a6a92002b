package io.kappamesh.assignment;

import io.kappamesh.brokers.GenerationTraces;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.provision.ReadyProduct;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Compares what brokers hold of generations with what is decided, where that was lost. */
final class LostRecordCheck {
    private static final String CHANGELOG = "-changelog";

    private final ReadyProduct ready;
    private final ProductName product;
    private final Admin admin;

    LostRecordCheck(ReadyProduct ready, Admin admin) {
        this.ready = ready;
        this.product = ready.streaming().product().name();
        this.admin = admin;
    }

    private interface Question<T> {
        T ask() throws ExecutionException, InterruptedException;
    }

    /**
     * Before the first generation there ever was.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when it would not be the first one
     */
    void requireNoTraces() {
        GenerationTraces traces = answered(() -> GenerationTraces.find(admin, product, ready.publicTopics()));
        if (!traces.none()) {
            throw new StartupException(
                    ExitCode.CONTRACT,
                    List.of("product " + product + ": topic " + ControlTopic.of(product)
                            + " must tell which generation serves but holds no decision, while brokers hold what generations leave: "
                            + traces
                            + ". A first generation would publish its history again on top of that. If the topic was lost or"
                            + " emptied, run `recover " + product + "`; if all this may be forgotten, `recover "
                            + product
                            + " --anew`"));
        }
    }

    /**
     * Before this build goes on with a generation of which nobody knows by which build it was computed.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when brokers hold state of it that this build does not have
     */
    void requireFits(Generation generation) {
        Set<String> topics = answered(() -> admin.listTopics().names().get());
        List<String> misfits = misfits(generation, topics, ready.fingerprint());
        if (!misfits.isEmpty()) {
            throw new StartupException(
                    ExitCode.CONTRACT,
                    List.of("product " + product + ": " + generation
                            + " was recovered, and its state must be that of this build,"
                            + " which does not have " + misfits + "; start the build that computed it, or run `recover "
                            + product + " --anew` on an empty control topic"));
        }
    }

    /** Internal topics of a generation that a topology with this fingerprint does not have. */
    static List<String> misfits(Generation generation, Collection<String> topics, List<String> fingerprint) {
        String prefix = generation.applicationId() + "-";
        Set<String> names = fingerprint.stream()
                .flatMap(line -> List.of(line.split("[ ,]+", -1)).stream())
                .collect(Collectors.toSet());
        return topics.stream()
                .filter(topic -> topic.startsWith(prefix))
                .filter(topic -> {
                    String name = topic.substring(prefix.length());
                    return !names.contains(
                            name.endsWith(CHANGELOG) ? name.substring(0, name.length() - CHANGELOG.length()) : name);
                })
                .sorted()
                .toList();
    }

    private static <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (ExecutionException unknown) {
            throw new TimeoutException("what brokers hold of generations is not known", unknown);
        } catch (InterruptedException stop) {
            throw new InterruptException(stop);
        }
    }
}

package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The generation that serves, and the one that may replace it.
 *
 * @param product whose they are
 */
@Internal
public record GenerationPair(ProductName product, GenerationRecord serving, GenerationRecord candidate) {

    /**
     * Finds the two.
     *
     * @param number of the candidate; empty = the newest that is newer than the serving generation
     * @throws LifecycleException when there are no two
     */
    public static GenerationPair of(ProductLifecycle now, OptionalInt number) {
        GenerationRecord serving = serving(now);
        if (number.isPresent()) {
            return new GenerationPair(now.name(), serving, candidate(now, number.getAsInt()));
        }
        GenerationRecord newest = now.candidates().stream()
                .filter(one -> one.number() > serving.number())
                .max(Comparator.comparingInt(GenerationRecord::number))
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + now.product() + ": no generation is newer than g" + serving.number()
                                + ", which serves; begin one with `replay " + now.product() + "`"));
        return new GenerationPair(now.name(), serving, newest);
    }

    /** The generation that serves and the newest of those before it. */
    public static GenerationPair back(ProductLifecycle now) {
        GenerationRecord serving = serving(now);
        GenerationRecord before = now.candidates().stream()
                .filter(one -> one.number() < serving.number())
                .max(Comparator.comparingInt(GenerationRecord::number))
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + now.product() + ": every generation before g" + serving.number()
                                + " is retired, so that there is nothing to go back to"));
        return new GenerationPair(now.name(), serving, before);
    }

    static GenerationRecord serving(ProductLifecycle now) {
        return now.serving()
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + now.product() + ": never ran, so nothing serves; is its name right?"));
    }

    private static GenerationRecord candidate(ProductLifecycle now, int number) {
        return now.candidates().stream()
                .filter(one -> one.number() == number)
                .findFirst()
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + now.product() + ": g" + number + " is "
                                + now.role(number)
                                        .map(role -> "no candidate but " + role)
                                        .orElse("not known")
                                + "; candidates are "
                                + now.candidates().stream()
                                        .map(one -> "g" + one.number())
                                        .toList()));
    }

    public Generation servingGeneration() {
        return new Generation(product, serving.number());
    }

    public Generation candidateGeneration() {
        return new Generation(product, candidate.number());
    }

    /** The ports that the candidate publishes: these are compared, and corrected. */
    List<PortAddress> ports() {
        return candidate.outputs().stream().map(PortAddress::of).toList();
    }

    /** The ports that the serving generation publishes: its shadows have to say what they say before it stops serving. */
    public List<PortAddress> servedPorts() {
        return serving.outputs().stream().map(PortAddress::of).toList();
    }

    /** Ports that only the serving generation publishes. Nobody writes them once the candidate serves; they keep what they say. */
    List<PortAddress> removedPorts() {
        return servedPorts().stream()
                .filter(port -> !candidate.outputs().contains(port.topic()))
                .toList();
    }

    /** Topics that only the candidate publishes. */
    public List<String> addedTopics() {
        return ports().stream().filter(this::isAdded).map(PortAddress::topic).toList();
    }

    /** Whether only the candidate publishes a port. */
    boolean isAdded(PortAddress port) {
        return !serving.outputs().contains(port.topic());
    }

    /** The topics of the ports of either. */
    public List<String> publicTopics() {
        return Stream.concat(serving.outputs().stream(), candidate.outputs().stream())
                .distinct()
                .toList();
    }

    public List<String> removedTopics() {
        return removedPorts().stream().map(PortAddress::topic).toList();
    }

    public List<String> shadows() {
        return ports().stream().map(this::shadow).toList();
    }

    /** Where the candidate writes in place of a port. */
    String shadow(PortAddress port) {
        return candidateGeneration().shadowOf(port.topic());
    }

    public List<String> formerShadows() {
        return servedPorts().stream().map(this::formerShadow).toList();
    }

    /** Where the serving generation will write in place of a port once it does not serve any more. */
    public String formerShadow(PortAddress port) {
        return servingGeneration().shadowOf(port.topic());
    }

    @Override
    public String toString() {
        return candidateGeneration() + " in place of " + servingGeneration();
    }
}

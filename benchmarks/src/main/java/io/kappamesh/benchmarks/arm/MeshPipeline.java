package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.benchmarks.measure.PipelineWatch;
import io.kappamesh.generation.Generation;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.runtime.FailurePolicy;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A product of ours, as a service runs it, with default settings. */
public final class MeshPipeline implements Pipeline {
    private static final String SETTING = "bench.";

    private final String group;
    private final Set<String> sources;
    private final MeshRuntime runtime;

    /** Starts it. */
    public MeshPipeline(Job job, StreamingProduct product) {
        group = product.product().name() + ".g1";
        sources = product.product().inputs().stream()
                .flatMap(input -> input.topics().stream())
                .collect(Collectors.toSet());
        runtime = start(settings(job), List.of(product));
    }

    /** Starts products in this process; all end if one of them fails. */
    static MeshRuntime start(Settings settings, List<StreamingProduct> products) {
        return MeshRuntime.builder(products)
                .meters(new SimpleMeterRegistry())
                .onFailure(FailurePolicy.STOP_ALL)
                .start(settings);
    }

    /** Those of a service that sets nothing but where everything is, and what {@code -Dbench.NAME=VALUE} says. */
    static Settings settings(Job job) {
        return settings(job, "state");
    }

    /** The same, with a directory of its own for state. */
    static Settings settings(Job job, String state) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", job.bootstrapServers());
        settings.put("schema.registry.url", job.registryUrl());
        settings.put("mesh.state.dir", job.directory().resolve(state).toString());
        settings.put("mesh.build", "bench");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTING))
                .forEach(name -> settings.put(name.substring(SETTING.length()), System.getProperty(name)));
        return Settings.of(settings, Map.of());
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Set<String> sources() {
        return sources;
    }

    @Override
    public long taken() {
        // Not what a candidate takes that runs beside it.
        return runtime.products().stream()
                .filter(status ->
                        status.generation().map(Generation::applicationId).equals(Optional.of(group)))
                .mapToLong(status -> status.recordsIn() + status.deadLetters())
                .sum();
    }

    @Override
    public void requireAlive() {
        requireAlive(runtime);
    }

    /** @throws IllegalStateException when a product has ended */
    static void requireAlive(MeshRuntime runtime) {
        try {
            runtime.awaitEnd(Duration.ZERO).ifPresent(end -> {
                throw new IllegalStateException("the product ended: " + String.join("; ", end.problems()));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a product has read and committed all that is there. */
    static boolean isThrough(ProductStatus status) {
        return status.recordsIn() > 0
                && status.lagRecords() == 0
                && status.replay().map(ProductStatus.Replay::caughtUp).orElse(false);
    }

    /** Waits until so many generations have read and committed all that is there. */
    static void awaitThrough(MeshRuntime runtime, int generations) throws InterruptedException {
        PipelineWatch.await(
                () -> runtime.products().stream()
                        .mapToLong(ProductStatus::recordsIn)
                        .sum(),
                () -> requireAlive(runtime),
                () -> runtime.products().size() == generations
                        && runtime.products().stream().allMatch(MeshPipeline::isThrough));
    }

    @Override
    public void close() {
        runtime.close();
    }
}

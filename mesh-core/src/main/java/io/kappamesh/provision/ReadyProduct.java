package io.kappamesh.provision;

import io.kappamesh.contract.InputPort;
import io.kappamesh.serde.RegisteredCodecs;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A product whose topics and schemas are ready, so that any of its generations can run.
 *
 * @param streaming the declaration and the wiring
 * @param build the name of the code that computes it
 * @param fingerprint of its topology: what its state depends on
 * @param partitions of each input
 * @param codecs of its ports
 */
public record ReadyProduct(
        StreamingProduct streaming,
        String build,
        List<String> fingerprint,
        Map<String, Integer> partitions,
        RegisteredCodecs codecs) {

    /** The topics of its inputs whose values name a schema in the registry. */
    public Set<String> inputsWithSchemaIds() {
        return topics(InputPort::hasSchemaIds);
    }

    /** The topics of its inputs whose keys name a schema in the registry. */
    public Set<String> inputsWithSchemaIdsInKeys() {
        return topics(InputPort::hasSchemaIdsInKeys);
    }

    /** The numbers of partitions of the inputs whose records are processed in the partitions in which they are. */
    public Map<String, Integer> partitionsReadInPlace() {
        Map<String, Integer> inPlace = new HashMap<>(partitions);
        inPlace.keySet().retainAll(topics(input -> !input.isRekeyed()));
        return inPlace;
    }

    private Set<String> topics(Predicate<InputPort<?>> which) {
        return streaming.product().inputs().stream()
                .filter(which)
                .flatMap(input -> input.topics().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The public topics of its output ports. */
    public List<String> outputs() {
        return streaming.product().outputs().stream()
                .map(output -> output.address().topic())
                .toList();
    }

    /** How far back its output ports look, by topic, as far as they declare it. */
    public Map<String, Duration> lookBacks() {
        Map<String, Duration> declared = new HashMap<>();
        streaming
                .product()
                .outputs()
                .forEach(output -> output.contract()
                        .levels()
                        .lookBack()
                        .ifPresent(back -> declared.put(output.address().topic(), back)));
        return declared;
    }

    /** All public topics that it writes: output ports and dead letters. */
    public List<String> publicTopics() {
        List<String> topics = new ArrayList<>(outputs());
        topics.add(streaming.product().name().deadLetterTopic());
        return topics;
    }
}

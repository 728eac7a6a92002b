package io.kappamesh.cut;

import io.kappamesh.Internal;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Which topics belong to one generation and to nobody else. Stateless. */
@Internal
public final class GenerationTopics {
    private GenerationTopics() {}

    /** Topics that Kafka Streams made for it. The dash keeps {@code sales.orders.g20} out of {@code sales.orders.g2}. */
    public static List<String> internal(Generation generation, Collection<String> existing) {
        return existing.stream()
                .filter(topic -> topic.startsWith(generation.applicationId() + "-"))
                .sorted()
                .toList();
    }

    /** Internal topics that it reads as it goes; changelogs are read to restore state, and by nobody else. */
    public static List<String> between(Generation generation, Collection<String> existing) {
        return internal(generation, existing).stream()
                .filter(topic -> !topic.endsWith("-changelog"))
                .toList();
    }

    /** Public topics that it writes while it serves: its ports and the dead letters. */
    public static List<String> published(Generation generation, GenerationRecord record) {
        return Stream.concat(
                        record.outputs().stream(),
                        Stream.of(generation.product().deadLetterTopic()))
                .toList();
    }

    /** Topics that it writes in their place. */
    public static List<String> shadows(Generation generation, GenerationRecord record, Collection<String> existing) {
        return published(generation, record).stream()
                .map(generation::shadowOf)
                .filter(existing::contains)
                .toList();
    }
}

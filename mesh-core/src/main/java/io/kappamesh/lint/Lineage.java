package io.kappamesh.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;

/** Which topics are behind a processor, through everything in between, repartitions included. Not thread-safe. */
final class Lineage {
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, List<Sink>> writers = new HashMap<>();

    Lineage(TopologyDescription description) {
        description
                .subtopologies()
                .forEach(part -> part.nodes().forEach(node -> {
                    nodes.put(node.name(), node);
                    if (node instanceof Sink sink && sink.topic() != null) {
                        writers.computeIfAbsent(sink.topic(), topic -> new ArrayList<>())
                                .add(sink);
                    }
                }));
    }

    /** The stores that a processor is connected with. */
    Set<String> stores(String processor) {
        return nodes.get(processor) instanceof Processor found ? Set.copyOf(found.stores()) : Set.of();
    }

    /** The topics from outside that what a processor forwards can come from; sorted. */
    Set<String> topicsBehind(String processor) {
        Set<String> topics = new TreeSet<>();
        Set<Node> seen = new HashSet<>();
        Deque<Node> ahead = new ArrayDeque<>();
        Node first = nodes.get(processor);
        if (first != null) {
            ahead.add(first);
        }
        while (!ahead.isEmpty()) {
            Node node = ahead.remove();
            if (!seen.add(node)) {
                continue;
            }
            ahead.addAll(node.predecessors());
            if (node instanceof Source source && source.topicSet() != null) {
                for (String topic : source.topicSet()) {
                    List<Sink> inside = writers.getOrDefault(topic, List.of());
                    ahead.addAll(inside);
                    if (inside.isEmpty()) {
                        topics.add(topic);
                    }
                }
            }
        }
        return topics;
    }
}

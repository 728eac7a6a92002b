package io.kappamesh.brokers;

import io.kappamesh.contract.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;

/**
 * What brokers hold that only generations of a product leave behind, whatever is decided about it.
 *
 * @param generations by number the groups of each, and its topics that hold records, or did
 * @param published public topics that hold records, or did
 */
public record GenerationTraces(NavigableMap<Integer, List<String>> generations, List<String> published) {

    public GenerationTraces {
        generations = new TreeMap<>(generations);
        published = List.copyOf(published);
    }

    /**
     * Looks for them.
     *
     * @param publicTopics that the product publishes, as far as is known; its dead letters need not be among them
     */
    public static GenerationTraces find(Admin admin, ProductName product, Collection<String> publicTopics)
            throws ExecutionException, InterruptedException {
        Set<String> published = new LinkedHashSet<>(publicTopics);
        published.add(product.deadLetterTopic());
        Pattern own = Pattern.compile(Pattern.quote(product.toString()) + "\\.g([1-9][0-9]{0,5})(-.+)?");
        Pattern shadow = Pattern.compile("(.+)\\.g([1-9][0-9]{0,5})");
        NavigableMap<Integer, List<String>> generations = new TreeMap<>();
        for (GroupListing group : admin.listGroups().all().get()) {
            Matcher matcher = own.matcher(group.groupId());
            if (matcher.matches()) {
                note(generations, matcher.group(1), "group " + group.groupId());
            }
        }
        Set<String> topics = new TreeSet<>();
        for (String topic : admin.listTopics().names().get()) {
            Matcher shadows = shadow.matcher(topic);
            if (published.contains(topic)
                    || own.matcher(topic).matches()
                    || (shadows.matches() && published.contains(shadows.group(1)))) {
                topics.add(topic);
            }
        }
        Set<String> written = written(admin, topics);
        for (String topic : written) {
            Matcher internal = own.matcher(topic);
            Matcher shadows = shadow.matcher(topic);
            if (internal.matches()) {
                note(generations, internal.group(1), "topic " + topic);
            } else if (shadows.matches() && !published.contains(topic)) {
                note(generations, shadows.group(2), "topic " + topic);
            }
        }
        written.retainAll(published);
        return new GenerationTraces(generations, List.copyOf(written));
    }

    /** Those that hold records, or did. A deployer may have made the others before anything ran. */
    private static Set<String> written(Admin admin, Set<String> topics)
            throws ExecutionException, InterruptedException {
        Set<String> written = new TreeSet<>();
        TopicEnds.written(admin, topics).forEach((partition, end) -> {
            if (end > 0) {
                written.add(partition.topic());
            }
        });
        return written;
    }

    private static void note(Map<Integer, List<String>> generations, String number, String what) {
        generations
                .computeIfAbsent(Integer.parseInt(number), ignored -> new ArrayList<>())
                .add(what);
    }

    /** Whether nothing shows that the product ever ran. */
    public boolean none() {
        return generations.isEmpty() && published.isEmpty();
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        generations.values().forEach(all::addAll);
        published.forEach(topic -> all.add("records in " + topic));
        return String.join(", ", all);
    }
}

package io.kappamesh.brokers;

import io.kappamesh.generation.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Where the partitions of topics begin and end. Stateless. */
public final class TopicEnds {
    private TopicEnds() {}

    /** Where what is committed ends: no transaction before it is open. */
    public static Map<TopicPartition, Long> committed(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return of(admin, topics, OffsetSpec::latest, IsolationLevel.READ_COMMITTED);
    }

    /** Where what is written ends, be it committed or not. */
    public static Map<TopicPartition, Long> written(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return of(admin, topics, OffsetSpec::latest, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Where what is kept begins. */
    public static Map<TopicPartition, Long> beginnings(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return of(admin, topics, OffsetSpec::earliest, IsolationLevel.READ_COMMITTED);
    }

    /** What a generation that begins now reads of its inputs. */
    public static Origin origin(Admin admin, Collection<String> inputs)
            throws ExecutionException, InterruptedException {
        Map<String, String> ids = new HashMap<>();
        TopicAdmin.descriptions(admin, inputs)
                .forEach((topic, description) ->
                        ids.put(topic, description.topicId().toString()));
        return Origin.of(ids, beginnings(admin, inputs));
    }

    private static Map<TopicPartition, Long> of(
            Admin admin, Collection<String> topics, Supplier<OffsetSpec> spec, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        TopicAdmin.descriptions(admin, topics)
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> asked.put(new TopicPartition(topic, partition.partition()), spec.get())));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        TopicAdmin.offsets(admin, asked, isolation).forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }
}

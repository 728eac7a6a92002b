package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Who is alive: the members of the consumer groups of generations, as the brokers know them. Stateless. */
public final class GroupMembers {
    private GroupMembers() {}

    /** Those of some generations of a product whose group has a member, by number. */
    public static Set<Integer> alive(Admin admin, ProductName product, Collection<Integer> numbers)
            throws ExecutionException, InterruptedException {
        Map<String, Integer> asked = new HashMap<>();
        numbers.forEach(number -> asked.put(new Generation(product, number).applicationId(), number));
        Set<Integer> alive = new HashSet<>();
        for (Map.Entry<String, KafkaFuture<ConsumerGroupDescription>> group :
                admin.describeConsumerGroups(asked.keySet()).describedGroups().entrySet()) {
            Integer number = asked.get(group.getKey());
            if (number != null && hasMembers(group.getValue())) {
                alive.add(number);
            }
        }
        return alive;
    }

    private static boolean hasMembers(KafkaFuture<ConsumerGroupDescription> group)
            throws ExecutionException, InterruptedException {
        try {
            return !group.get().members().isEmpty();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw failed;
        }
    }
}

package io.kappamesh.cut;

import io.kappamesh.brokers.AdminCall;
import io.kappamesh.generation.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Under which transactional ids the processes of a generation may write: all that brokers remember, or an error.
 *
 * <p>A broker lists the ids that it coordinates. While that passes from one broker to another, the one knows them no more, the other
 * not yet, and a listing lacks them without a word. So they are listed twice, and in between every coordinator is asked for an id that
 * nobody has, which one answers only when it has read its part of the transaction log. Stateless.
 */
final class TransactionalIds {
    private static final String LOG = "__transaction_state";
    private static final int PARTITIONS_BY_DEFAULT = 50;

    private final Admin admin;

    TransactionalIds(Admin admin) {
        this.admin = admin;
    }

    /** Those that begin with its application id. */
    List<String> of(Generation generation) throws ExecutionException, InterruptedException {
        String prefix = generation.applicationId() + "-";
        Set<String> ids = new TreeSet<>(listed(prefix));
        requireAllCoordinators(prefix);
        ids.addAll(listed(prefix));
        return List.copyOf(ids);
    }

    private List<String> listed(String prefix) throws ExecutionException, InterruptedException {
        ListTransactionsOptions own =
                new ListTransactionsOptions().filterOnTransactionalIdPattern("^" + Pattern.quote(prefix) + ".*");
        return AdminCall.ask(() -> admin.listTransactions(own).all()).stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    private void requireAllCoordinators(String prefix) throws ExecutionException, InterruptedException {
        List<String> probes = probes(prefix, partitions());
        DescribeTransactionsResult described = admin.describeTransactions(probes);
        for (String probe : probes) {
            try {
                described.description(probe).get();
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw failed;
                }
            }
        }
    }

    /** How many coordinators there may be. */
    private int partitions() throws ExecutionException, InterruptedException {
        try {
            return AdminCall.ask(() -> admin.describeTopics(List.of(LOG)).allTopicNames()).values().stream()
                    .mapToInt(log -> log.partitions().size())
                    .sum();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof TopicAuthorizationException
                    || failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return PARTITIONS_BY_DEFAULT;
            }
            throw failed;
        }
    }

    /** An id for each partition of the transaction log: brokers choose it by the hash of the id. */
    static List<String> probes(String prefix, int partitions) {
        Map<Integer, String> probes = new TreeMap<>();
        for (int number = 0; probes.size() < partitions; number++) {
            String probe = prefix + "probe-" + number;
            probes.putIfAbsent((probe.hashCode() & Integer.MAX_VALUE) % partitions, probe);
        }
        return new ArrayList<>(probes.values());
    }
}

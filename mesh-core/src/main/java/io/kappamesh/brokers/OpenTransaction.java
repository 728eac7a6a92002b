package io.kappamesh.brokers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that is neither committed nor aborted.
 *
 * @param producer the id that brokers gave to its producer
 * @param from its first offset
 */
public record OpenTransaction(long producer, long from) {

    /** The oldest that is open in a partition; empty = none, or the brokers do not say. */
    public static Optional<OpenTransaction> oldest(Admin admin, TopicPartition partition, Duration limit) {
        try {
            return admin
                    .describeProducers(List.of(partition))
                    .partitionResult(partition)
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .activeProducers()
                    .stream()
                    .filter(one -> one.currentTransactionStartOffset().isPresent())
                    .map(OpenTransaction::of)
                    .min((one, other) -> Long.compare(one.from, other.from));
        } catch (ExecutionException | TimeoutException unknown) {
            return Optional.empty();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static OpenTransaction of(ProducerState state) {
        OptionalLong from = state.currentTransactionStartOffset();
        return new OpenTransaction(state.producerId(), from.orElse(0));
    }

    @Override
    public String toString() {
        return "a transaction of producer id " + producer + " is open from offset " + from;
    }
}

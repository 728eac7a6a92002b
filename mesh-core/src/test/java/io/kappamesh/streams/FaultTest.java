package io.kappamesh.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.inputs.InputLostException;
import io.kappamesh.rule.BrokenRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.rule.RuleStopException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.RocksDBException;

class FaultTest {

    @ParameterizedTest
    @MethodSource("platformFaults")
    void whatBrokersNetworkAndDiskDoIsWaitedForHoweverDeepItIs(Throwable fault) {
        assertThat(Fault.of(fault)).isEqualTo(Fault.PLATFORM);
        assertThat(Fault.of(new StreamsException("wrapped", new RuntimeException(fault))))
                .isEqualTo(Fault.PLATFORM);
    }

    static Stream<Throwable> platformFaults() {
        return Stream.of(
                new TimeoutException("slow"),
                new ProducerFencedException("fenced"),
                new InvalidProducerEpochException("old"),
                new TopicAuthorizationException("no"),
                new AuthenticationException("who"),
                new KafkaException("Unexpected error in TxnOffsetCommitResponse: Topic authorization failed."),
                new MissingSourceTopicException("gone"),
                new ProcessorStateException("disk", new RocksDBException("full")),
                new UncheckedIOException(new IOException("unplugged")));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void whatTheProgramDoesIsABug(Throwable fault) {
        assertThat(Fault.of(fault)).isEqualTo(Fault.BUG);
        assertThat(Fault.of(new StreamsException(fault))).isEqualTo(Fault.BUG);
    }

    static Stream<Throwable> bugs() {
        return Stream.of(
                new IllegalStateException("ours"),
                new NullPointerException(),
                new SerializationException("bytes"),
                new RecordTooLargeException("large"),
                new OutOfMemoryError("heap"),
                new StackOverflowError());
    }

    @Test
    void anotherProcessOfTheSameNameDisplacesThisOne() {
        assertThat(Fault.of(new StreamsException(new FencedInstanceIdException("taken"))))
                .isEqualTo(Fault.DISPLACED);
    }

    @Test
    void anInputThatIsNotWhatItWasIsNeitherOursNorWaitedFor() {
        InputLostException lost = new InputLostException(List.of("gone"), new TimeoutException("asked in vain before"));

        assertThat(Fault.of(new StreamsException(lost))).isEqualTo(Fault.INPUT);
    }

    @Test
    void aRuleThatStopsIsNoBug() {
        RuleStopException stop = new RuleStopException(
                new BrokenRule("shop.raw.v1", "few-items", RulePolicy.STOP), "it does not hold", "offset 7");

        assertThat(Fault.of(new StreamsException(stop))).isEqualTo(Fault.RULE);
    }

    @Test
    void causesThatGoRoundInACircleAreLookedAtNotForEver() {
        RuntimeException one = new RuntimeException("one");
        RuntimeException other = new RuntimeException("other", one);
        one.initCause(other);

        assertThat(Fault.of(one)).isEqualTo(Fault.BUG);
    }
}

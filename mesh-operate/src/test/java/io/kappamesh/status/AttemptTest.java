package io.kappamesh.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.tables.ReadingFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class AttemptTest {
    /** A stack trace and 70 mean a bug, and send an operator to the wrong people. */
    @Test
    void aFaultOfThePlatformIsNeverABug() {
        Map<Exception, ExitCode> codes = Map.of(
                new ExecutionException(new TimeoutException("no broker answered")), ExitCode.PLATFORM,
                new DisconnectException("gone"), ExitCode.PLATFORM,
                new UncheckedIOException(new IOException("no space left on device")), ExitCode.PLATFORM,
                new ReadingFailedException("topic a.b.v1 partition 0: nothing came", null), ExitCode.PLATFORM,
                new ExecutionException(new TopicAuthorizationException("a.b.v1")), ExitCode.CONFIGURATION);

        codes.forEach((fault, code) -> {
            LifecycleException told = catchThrowableOfType(
                    LifecycleException.class,
                    () -> Attempt.at("sales.orders", () -> {
                        throw fault;
                    }));
            assertThat(told.exitCode()).as("%s", fault).isEqualTo(code);
            assertThat(told).hasMessageStartingWith("sales.orders: ");
        });
    }

    @Test
    void aBugStaysOne() {
        IllegalStateException bug = new IllegalStateException("impossible");

        assertThatThrownBy(() -> Attempt.at("sales.orders", () -> {
                    throw bug;
                }))
                .isSameAs(bug);
    }
}

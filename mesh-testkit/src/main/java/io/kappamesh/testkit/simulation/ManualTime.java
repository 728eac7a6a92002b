package io.kappamesh.testkit.simulation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A wall clock that is paused until it is moved. */
final class ManualTime implements Time {
    private long millis;

    ManualTime(long millis) {
        this.millis = millis;
    }

    void advance(Duration by) {
        millis += by.toMillis();
    }

    @Override
    public long milliseconds() {
        return millis;
    }

    @Override
    public long nanoseconds() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void sleep(long ms) {
        millis += ms;
    }

    @Override
    public void waitObject(Object obj, Supplier<Boolean> condition, long deadlineMs) {
        throw new UnsupportedOperationException("nothing waits in a simulation of one thread");
    }
}

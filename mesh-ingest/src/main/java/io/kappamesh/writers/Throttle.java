package io.kappamesh.writers;

import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets only so many rows pass in a second. For one thread. */
public final class Throttle {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OptionalLong perSecond;
    private final CountDownLatch stop;
    private long began = System.nanoTime();
    private long passed;

    /** @param stop counted down, rows pass at once */
    public Throttle(OptionalLong perSecond, CountDownLatch stop) {
        this.perSecond = perSecond;
        this.stop = stop;
    }

    /** Whether the next row has to wait. */
    boolean isWaiting() {
        return perSecond.isPresent() && passed >= perSecond.getAsLong() && System.nanoTime() - began <= SECOND;
    }

    /** Returns when another row may pass, or it is stopped. */
    public void pass() throws InterruptedException {
        if (perSecond.isEmpty()) {
            return;
        }
        long limit = perSecond.getAsLong();
        long now = System.nanoTime();
        if (now - began > SECOND) {
            began = now;
            passed = 0;
        }
        if (passed >= limit) {
            boolean unused = stop.await(began + SECOND - now, TimeUnit.NANOSECONDS);
            began = System.nanoTime();
            passed = 0;
        }
        passed++;
    }
}

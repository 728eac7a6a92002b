package io.kappamesh.ingest;

import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets only so many rows pass in a second. For one thread. */
final class Throttle {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OptionalLong perSecond;
    private final CountDownLatch stop;
    private long began = System.nanoTime();
    private long passed;

    Throttle(OptionalLong perSecond, CountDownLatch stop) {
        this.perSecond = perSecond;
        this.stop = stop;
    }

    /** Returns when another row may pass, or it is stopped. */
    void pass() throws InterruptedException {
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

package io.kappamesh.observe;

/** Where a product stands. Moving partitions between instances for a short while changes none of these. */
public enum ProductState {
    /** Waits for brokers, registry, or an input that its owner has not created. */
    WAITING,
    /** Checked and joining its group. */
    STARTING,
    /** Reads local state back from Kafka. */
    RESTORING,
    /** Works, further behind its inputs than {@code mesh.replay.lag.records}. */
    REPLAYING,
    /** Works, and keeps up with its inputs. */
    LIVE,
    /** Serves, and other processes do it: none of it runs here. */
    ELSEWHERE,
    /** Would work, but a command pauses its generation for a moment. */
    PAUSED,
    /** Commits, and leaves. */
    STOPPING,
    /** Stopped because it was asked to. */
    STOPPED,
    /** Nothing of it is left to run here: its generations are retired, or another build computes them. */
    ENDED,
    /** Ended by a fault; only a restart helps, after the fix. */
    FAILED;

    /** Whether what it publishes is as fresh as promised; a promotion, for which it is paused, is no reason to send anybody away. */
    public boolean isReady() {
        return this == LIVE || this == PAUSED || this == ELSEWHERE;
    }
}

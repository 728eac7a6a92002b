package io.kappamesh.feed;

import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Position;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that no position is stored behind which deletions may be missing. One thread at a time. */
public final class DeletionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionWatch.class);

    private final SourceTopic topic;
    private final LoadStates states;
    private final String load;
    private final boolean acceptsGap;
    private Optional<Duration> kept;
    /** No deletion before is missing, by the database's clock, whatever is loaded. */
    private Instant allUntil = Instant.MIN;

    /**
     * Asks the brokers for how long they keep deletions.
     *
     * @param load its name
     * @param acceptsGap whether it goes on although some may be missing
     */
    public DeletionWatch(SourceTopic topic, LoadStates states, String load, boolean acceptsGap)
            throws ExecutionException, InterruptedException {
        this.topic = topic;
        this.states = states;
        this.load = load;
        this.acceptsGap = acceptsGap;
        this.kept = topic.deletionsKept();
    }

    /** Asks the brokers again. */
    public void ask() throws ExecutionException, InterruptedException {
        kept = topic.deletionsKept();
    }

    /**
     * Looks whether deletions may be missing now.
     *
     * @param stored positions
     * @throws io.kappamesh.failure.LifecycleException if so
     */
    public void check(Map<Integer, Position> stored) throws SQLException, ExecutionException, InterruptedException {
        LoadStates.CaughtUp caughtUp = states.caughtUp(load).notBefore(allUntil);
        Optional<String> missed = topic.missedDeletions(caughtUp, kept);
        if (missed.isEmpty()) {
            return;
        }
        if (!topic.isAtEnd(stored)) {
            if (!acceptsGap) {
                throw topic.deletionsMissed(missed.get());
            }
            LOG.warn("port {}: {}; going on all the same", load, missed.get());
        }
        allUntil = caughtUp.now();
    }
}

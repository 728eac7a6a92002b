package io.kappamesh.load;

import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.Claim;
import io.kappamesh.postgres.DatabaseFault;
import io.kappamesh.postgres.FencedException;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.Session;
import io.kappamesh.relations.TableDefinitions;
import io.kappamesh.relations.TableExchange;
import io.kappamesh.status.Attempt;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Builds the table of a port again, beside the one that is there, and exchanges them. One thread. */
final class PortReload {
    private static final int EXCHANGES = 30;
    private static final long PAUSE_MILLIS = 1_000;

    private final LoadOptions options;
    private LoadOptions shadow;
    private final String owner = UUID.randomUUID().toString();

    PortReload(LoadOptions options) {
        this.options = options;
        this.shadow = options.shadow(List.of());
    }

    LoadProgress reload(boolean forgets, Progress progress) {
        String where = "port " + options.address() + ": building its table again";
        return Attempt.at(where, () -> {
            try (Session session = Session.open(options.target(), "mesh reload " + options.name());
                    SourceTopic topic = new SourceTopic(options.settings(), options.address(), options.reload())) {
                begin(session, topic, forgets);
                LoadProgress done = load(session, topic, forgets, progress);
                progress.step("Exchanged the tables");
                return done;
            } catch (SQLException failed) {
                throw DatabaseFault.isWaitedFor(failed)
                        ? new LifecycleException(
                                ExitCode.PLATFORM,
                                where + ": PostgreSQL: " + DatabaseFault.words(failed)
                                        + "; the old table is as it was, run the same again",
                                failed)
                        : DatabaseFault.explained(where, options.target(), options.reload(), failed);
            }
        });
    }

    /** Clears what an earlier attempt left, unless it is still under way. */
    private void begin(Session session, SourceTopic topic, boolean forgets)
            throws SQLException, ExecutionException, InterruptedException {
        LoadStates states = new LoadStates(session);
        TableDefinitions tables = new TableDefinitions(session);
        Optional<LoadState> loaded = states.isThere() ? states.read(options.name()) : Optional.empty();
        if (loaded.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "port " + options.address() + ": " + options.target() + ": was never loaded there; `mesh load "
                            + options.address() + "` does so");
        }
        shadow = options.shadow(
                loaded.get().children().stream().map(LoadedChild::field).toList());
        new TableExchange(session).requireFree(loaded.get(), shadow.children().orElse(List.of()));
        session.commit();
        if (!forgets && tables.exists(loaded.get().table())) {
            for (Map.Entry<Integer, Long> begins : topic.beginnings().entrySet()) {
                if (tables.hasRowsBefore(loaded.get().table(), begins.getKey(), begins.getValue())) {
                    throw forgotten(begins);
                }
            }
        }
        session.commit();
        Optional<LoadState> attempt = states.read(shadow.name());
        if (attempt.isPresent()) {
            Claim left = states.claim(shadow.name(), owner, options.lease())
                    .orElseThrow(() -> new LifecycleException(
                            ExitCode.CONFIGURATION,
                            "port " + options.address() + ": its table is being built again by somebody else; wait"));
            states.hold(left);
            tables.drop(attempt.get());
            states.forget(shadow.name());
        }
        session.commit();
    }

    private LifecycleException forgotten(Map.Entry<Integer, Long> begins) {
        return new LifecycleException(
                ExitCode.CONFIGURATION,
                "port " + options.address() + ": the table has rows that the topic has forgotten (partition "
                        + begins.getKey() + " begins at " + begins.getValue()
                        + "); they would be gone. Copy them first, and give --forget");
    }

    private LoadProgress load(Session session, SourceTopic topic, boolean forgets, Progress progress)
            throws SQLException, ExecutionException, InterruptedException {
        progress.step("Loading " + options.address() + " into a table beside the old one");
        try (PortLoader loader = new PortLoader(shadow)) {
            catchUp(loader);
            indexes(session, progress);
            if (!forgets) {
                requireAllRows(session, topic);
            }
            progress.step("Exchanging the tables");
            for (int attempt = 1; ; attempt++) {
                try {
                    Claim claim = new LoadStates(session).seize(options.name(), owner);
                    catchUp(loader);
                    if (exchange(session, claim, loader.claimed(), attempt > 1)) {
                        return loader.progress();
                    }
                } catch (SQLException | FencedException busy) {
                    session.rollBack();
                    boolean passes = busy instanceof FencedException
                            || DatabaseFault.in(busy)
                                    .filter(DatabaseFault::isWaitedFor)
                                    .isPresent();
                    if (!passes || attempt >= EXCHANGES) {
                        throw busy;
                    }
                    progress.step("Waiting until nobody holds the table");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** What was deleted from the topic while this began is in the old table only. */
    private void requireAllRows(Session session, SourceTopic topic)
            throws SQLException, ExecutionException, InterruptedException {
        TableDefinitions tables = new TableDefinitions(session);
        if (tables.exists(options.table())) {
            for (Map.Entry<Integer, Long> begins : topic.beginnings().entrySet()) {
                if (tables.hasRowsBefore(options.table(), begins.getKey(), begins.getValue(), shadow.table())) {
                    throw forgotten(begins);
                }
            }
        }
        session.commit();
    }

    private static void catchUp(PortLoader loader) {
        if (!loader.loadToEnd()) {
            throw new LifecycleException(
                    ExitCode.PLATFORM, "port " + loader.port() + ": interrupted; the old table is as it was");
        }
    }

    private void indexes(Session session, Progress progress) throws SQLException {
        LoadStates states = new LoadStates(session);
        List<String> left = new TableDefinitions(session)
                .copyIndexes(
                        states.read(options.name()).orElseThrow(),
                        states.read(shadow.name()).orElseThrow());
        session.commit();
        if (!left.isEmpty()) {
            progress.step(
                    "Leaving out indexes on columns that the new table does not have: " + String.join(", ", left));
        }
    }

    /**
     * False = the new table is behind the old one.
     *
     * @param claim of the old table
     * @param loaded of the new table, by which it was loaded
     * @param mayGoBack it is so again, although it has read to the end and nobody else loads: the topic has lost its end
     */
    private boolean exchange(Session session, Claim claim, Claim loaded, boolean mayGoBack) throws SQLException {
        LoadStates states = new LoadStates(session);
        // Before they are read, and in this order always: nobody loads, and nobody begins another reload, until the
        // exchange is over.
        states.hold(claim);
        holdShadow(states, loaded);
        LoadState before = states.read(options.name()).orElseThrow();
        LoadState after = states.read(shadow.name()).orElseThrow();
        boolean sameTopic = before.topicId().equals(after.topicId());
        Map<Integer, Long> reached = before.offsets();
        boolean ahead = after.offsets().entrySet().stream()
                .allMatch(position -> position.getValue() >= reached.getOrDefault(position.getKey(), 0L));
        if (sameTopic && !ahead && !mayGoBack) {
            session.rollBack();
            return false;
        }
        states.replace(options.name(), shadow.name(), new TableExchange(session).exchange(before, after));
        session.commit();
        return true;
    }

    private void holdShadow(LoadStates states, Claim loaded) throws SQLException {
        try {
            states.hold(loaded);
        } catch (FencedException taken) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "port " + options.address()
                            + ": somebody else has begun to build its table again meanwhile, and goes on; the old table is"
                            + " as it was",
                    taken);
        }
    }
}

package io.kappamesh.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.columns.TableColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept beside the tables of a schema: for each port who may write its table, and up to where it was loaded. All of it is read and written in
 * the session's transaction, which the caller commits. One thread at a time.
 */
public final class LoadStates {
    /** One row for each port. No port has a name that begins like this. */
    static final String LOADS = "_mesh_loads";
    /** One row for each partition of a port. */
    static final String POSITIONS = "_mesh_positions";
    /** Records that a table cannot hold, byte for byte. */
    static final String DEAD_LETTERS = "_mesh_dead_letters";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Column>> COLUMNS = new TypeReference<>() {};

    private final Session session;
    private final String loads;
    private final String positions;
    private final String deadLetters;
    private final LoadedChildren children;

    public LoadStates(Session session) {
        this.session = session;
        this.loads = session.target().relation(LOADS);
        this.positions = session.target().relation(POSITIONS);
        this.deadLetters = session.target().relation(DEAD_LETTERS);
        this.children = new LoadedChildren(session);
    }

    /** Makes the schema and these tables, where they are not there yet; several may do so at once. Commits. */
    public void create() throws SQLException {
        String schema = session.target().schema();
        if (!session.exists(LOADS)) {
            session.run("SELECT pg_advisory_xact_lock(hashtextextended('kappa-mesh:' || " + Identifiers.literal(schema)
                    + ", 0))");
            if (!schemaExists()) {
                session.run("CREATE SCHEMA IF NOT EXISTS " + Identifiers.quoted(schema));
            }
            session.run(
                    """
                    CREATE TABLE IF NOT EXISTS %s (port text PRIMARY KEY, table_name text NOT NULL, view_name text, topic_id text NOT NULL,
                      contract text NOT NULL, columns jsonb NOT NULL, epoch bigint NOT NULL, owner text NOT NULL, owner_pid int,
                      owner_started timestamptz, renewed_at timestamptz NOT NULL, caught_up_at timestamptz NOT NULL)
                    """.formatted(loads),
                    """
                    CREATE TABLE IF NOT EXISTS %s (port text, partition int, next_offset bigint NOT NULL,
                      leader_epoch int, PRIMARY KEY (port, partition))
                    """.formatted(positions),
                    """
                    CREATE TABLE IF NOT EXISTS %s (port text, partition int, "offset" bigint, key bytea, value bytea, reason text NOT NULL,
                      seen_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (port, partition, "offset"))
                    """.formatted(deadLetters),
                    "COMMENT ON TABLE " + loads + " IS 'Kappa Mesh: which ports are loaded, and by whom'",
                    "COMMENT ON TABLE " + positions
                            + " IS 'Kappa Mesh: the next offset of each partition, written with the rows in one transaction'",
                    "COMMENT ON TABLE " + deadLetters
                            + " IS 'Kappa Mesh: records that the tables cannot hold, byte for byte'");
        }
        session.commit();
    }

    private boolean schemaExists() throws SQLException {
        try (PreparedStatement query =
                session.connection().prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            query.setString(1, session.target().schema());
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    /** Whether anything was ever loaded into the schema. */
    public boolean isThere() throws SQLException {
        return session.exists(LOADS);
    }

    /** How far a port was loaded; empty = it never was. */
    public Optional<LoadState> read(String port) throws SQLException {
        Map<Integer, Position> next = new HashMap<>();
        try (PreparedStatement query = session.connection()
                .prepareStatement(
                        "SELECT partition, next_offset, leader_epoch FROM " + positions + " WHERE port = ?")) {
            query.setString(1, port);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    next.put(
                            row.getInt(1),
                            new Position(row.getLong(2), Optional.ofNullable(row.getObject(3, Integer.class))));
                }
            }
        }
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT table_name, view_name, topic_id, contract, columns, caught_up_at FROM "
                        + loads + " WHERE port = ?")) {
            query.setString(1, port);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new LoadState(
                        port,
                        row.getString(1),
                        Optional.ofNullable(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        parsed(row.getString(5)),
                        children.read(port),
                        row.getObject(6, OffsetDateTime.class).toInstant(),
                        next));
            }
        }
    }

    /** Adds a port that is loaded from now on, and which nobody owns yet; it is not there yet, or this fails. */
    public void add(LoadState first) throws SQLException {
        try (PreparedStatement insert = session.connection()
                .prepareStatement("INSERT INTO " + loads
                        + " (port, table_name, view_name, topic_id, contract, columns, epoch, owner, renewed_at, caught_up_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?::jsonb, 0, '', '-infinity', ?)")) {
            insert.setString(1, first.port());
            insert.setString(2, first.table());
            insert.setString(3, first.view().orElse(null));
            insert.setString(4, first.topicId());
            insert.setString(5, first.schema());
            insert.setString(6, json(first.columns()));
            insert.setObject(7, first.caughtUpAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        try (PreparedStatement insert = session.connection()
                .prepareStatement("INSERT INTO " + positions
                        + " (port, partition, next_offset, leader_epoch) VALUES (?, ?, ?, ?)")) {
            for (Map.Entry<Integer, Position> next : first.positions().entrySet()) {
                insert.setString(1, first.port());
                insert.setInt(2, next.getKey());
                insert.setLong(3, next.getValue().next());
                insert.setObject(4, next.getValue().leaderEpoch().orElse(null), Types.INTEGER);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        children.put(first.port(), first.children());
    }

    /**
     * Claims a port that nobody owns, or whose owner's session has ended, or that has not been renewed for long. Waits for a transaction of the
     * owner's that is under way. Commits.
     *
     * @param owner who claims it, random
     * @param lease for how long an owner may not be heard of
     * @return empty = somebody else owns it
     */
    public Optional<Claim> claim(String port, String owner, Duration lease) throws SQLException {
        return claim(port, owner, lease, false);
    }

    /** Claims a port whoever owns it. Commits. */
    public Claim seize(String port, String owner) throws SQLException {
        return claim(port, owner, Duration.ZERO, true)
                .orElseThrow(() -> new IllegalStateException(port + ": was never loaded"));
    }

    private Optional<Claim> claim(String port, String owner, Duration lease, boolean anyhow) throws SQLException {
        String sql = """
                UPDATE %s AS load SET epoch = epoch + 1, owner = ?, owner_pid = pg_backend_pid(), renewed_at = clock_timestamp(),
                  owner_started = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
                WHERE port = ? AND (? OR owner = ? OR renewed_at < clock_timestamp() - ? * interval '1 millisecond'
                  OR NOT EXISTS (SELECT FROM pg_stat_activity AS session WHERE session.pid = load.owner_pid
                    AND (session.backend_start IS NULL OR session.backend_start = load.owner_started)))
                RETURNING epoch
                """.formatted(loads);
        try (PreparedStatement update = session.connection().prepareStatement(sql)) {
            update.setString(1, owner);
            update.setString(2, port);
            update.setBoolean(3, anyhow);
            update.setString(4, owner);
            update.setLong(5, lease.toMillis());
            try (ResultSet row = update.executeQuery()) {
                Optional<Claim> claim =
                        row.next() ? Optional.of(new Claim(port, owner, row.getLong(1))) : Optional.empty();
                session.commit();
                return claim;
            }
        }
    }

    /**
     * Holds the claim until the transaction ends: nobody can take it before that.
     *
     * @throws FencedException if somebody has it already
     */
    public void hold(Claim claim) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT epoch, owner FROM " + loads + " WHERE port = ? FOR UPDATE")) {
            query.setString(1, claim.port());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()
                        || row.getLong(1) != claim.epoch()
                        || !claim.owner().equals(row.getString(2))) {
                    throw new FencedException(claim.port());
                }
            }
        }
    }

    /**
     * Says that its owner is alive; to be called while it is {@linkplain #hold held}.
     *
     * @param caughtUp up to when everything is loaded; empty = nothing new is known of it
     */
    public void renew(Claim claim, Optional<Instant> caughtUp) throws SQLException {
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE " + loads + " SET renewed_at = clock_timestamp(),"
                        + " caught_up_at = coalesce(?, caught_up_at) WHERE port = ?")) {
            update.setObject(
                    1, caughtUp.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null), Types.TIMESTAMP_WITH_TIMEZONE);
            update.setString(2, claim.port());
            update.executeUpdate();
        }
    }

    /** Gives it up, if it is still held, so that the next one need not wait. Commits. */
    public void release(Claim claim) throws SQLException {
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE " + loads
                        + " SET renewed_at = '-infinity' WHERE port = ? AND owner = ? AND epoch = ?")) {
            update.setString(1, claim.port());
            update.setString(2, claim.owner());
            update.setLong(3, claim.epoch());
            update.executeUpdate();
        }
        session.commit();
    }

    /** Moves positions on, of partitions that are there. */
    public void move(String port, Map<Integer, Position> next) throws SQLException {
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE " + positions
                        + " AS was SET next_offset = now.next_offset, leader_epoch = now.leader_epoch"
                        + " FROM unnest(?::int[], ?::bigint[], ?::int[]) AS now(partition, next_offset, leader_epoch)"
                        + " WHERE was.port = ? AND was.partition = now.partition")) {
            Integer[] partitions = next.keySet().toArray(Integer[]::new);
            Long[] offsets = next.values().stream().map(Position::next).toArray(Long[]::new);
            @Nullable
            Integer[] epochs = next.values().stream()
                    .map(position -> position.leaderEpoch().orElse(null))
                    .toArray(Integer[]::new);
            update.setArray(1, session.connection().createArrayOf("int4", partitions));
            update.setArray(2, session.connection().createArrayOf("int8", offsets));
            update.setArray(3, session.connection().createArrayOf("int4", epochs));
            update.setString(4, port);
            update.executeUpdate();
        }
    }

    /** Notes the version of the contract that the table has now. */
    public void widen(LoadState loaded, TableColumns columns) throws SQLException {
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE " + loads + " SET contract = ?, columns = ?::jsonb WHERE port = ?")) {
            update.setString(1, columns.newest().toString());
            update.setString(2, json(columns.columns()));
            update.setString(3, loaded.port());
            update.executeUpdate();
        }
        // Views are no business of a loader that adds columns: another port may have taken them.
        children.widen(loaded.port(), columns.declared());
    }

    /** Adds records that the table cannot hold. */
    public void addDeadLetters(String port, List<DeadRecord> records) throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = session.connection()
                .prepareStatement("INSERT INTO " + deadLetters
                        + " (port, partition, \"offset\", key, value, reason) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            for (DeadRecord record : records) {
                insert.setString(1, port);
                insert.setInt(2, record.partition());
                insert.setLong(3, record.offset());
                insert.setBytes(4, record.key());
                insert.setBytes(5, record.value());
                insert.setString(6, record.reason());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Why the record at an offset is not in the table; empty = it is not among the dead letters. */
    public Optional<String> deadLetter(String port, int partition, long offset) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement(
                        "SELECT reason FROM " + deadLetters + " WHERE port = ? AND partition = ? AND \"offset\" = ?")) {
            query.setString(1, port);
            query.setInt(2, partition);
            query.setLong(3, offset);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Up to when everything is loaded.
     *
     * @param at all that was committed in the topic then is in the table
     * @param now by the same clock, the database's
     */
    public record CaughtUp(Instant at, Instant now) {
        /** The same, if nothing is known to be complete up to a later time. */
        public CaughtUp notBefore(Instant known) {
            return known.isAfter(at) ? new CaughtUp(known, now) : this;
        }
    }

    /** Up to when everything of a port is loaded. */
    public CaughtUp caughtUp(String port) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT caught_up_at, clock_timestamp() FROM " + loads + " WHERE port = ?")) {
            query.setString(1, port);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new FencedException(port);
                }
                return new CaughtUp(
                        row.getObject(1, OffsetDateTime.class).toInstant(),
                        row.getObject(2, OffsetDateTime.class).toInstant());
            }
        }
    }

    /** The database's clock. */
    public Instant now() throws SQLException {
        try (PreparedStatement query = session.connection().prepareStatement("SELECT clock_timestamp()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /**
     * Lets a load take the place of another: what was kept of the other is gone, and its owner is fenced. Both are held.
     *
     * @param elements the tables of elements, under the names that they have then
     */
    public void replace(String port, String by, List<LoadedChild> elements) throws SQLException {
        children.forget(by);
        children.put(port, elements);
        for (String table : List.of(positions, deadLetters)) {
            update("DELETE FROM " + table + " WHERE port = ?", port);
            update("UPDATE " + table + " SET port = ? WHERE port = ?", port, by);
        }
        update(
                "UPDATE " + loads
                        + " AS old SET topic_id = new.topic_id, contract = new.contract, columns = new.columns,"
                        + " caught_up_at = new.caught_up_at, epoch = old.epoch + 1, renewed_at = '-infinity'"
                        + " FROM " + loads + " AS new WHERE old.port = ? AND new.port = ?",
                port,
                by);
        update("DELETE FROM " + loads + " WHERE port = ?", by);
    }

    /** The port that a view shows; empty = none that is loaded. */
    public Optional<String> portOf(String view) throws SQLException {
        try (PreparedStatement query =
                session.connection().prepareStatement("SELECT port FROM " + loads + " WHERE view_name = ?")) {
            query.setString(1, view);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Holds a port, and the one that a view shows, until the transaction ends: their tables gain no columns, and their views are not given away, until then. */
    public void holdShown(String view, String port) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement(
                        "SELECT port FROM " + loads + " WHERE view_name = ? OR port = ? ORDER BY port FOR UPDATE")) {
            query.setString(1, view);
            query.setString(2, port);
            query.execute();
        }
    }

    /** Notes that a view shows a port, and no other one. */
    public void giveView(String view, String port) throws SQLException {
        update("UPDATE " + loads + " SET view_name = NULL WHERE view_name = ?", view);
        update("UPDATE " + loads + " SET view_name = ? WHERE port = ?", view, port);
    }

    /** Forgets a load. */
    public void forget(String port) throws SQLException {
        children.forget(port);
        for (String table : List.of(positions, deadLetters, loads)) {
            update("DELETE FROM " + table + " WHERE port = ?", port);
        }
    }

    private void update(String sql, String... parameters) throws SQLException {
        try (PreparedStatement update = session.connection().prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setString(i + 1, parameters[i]);
            }
            update.executeUpdate();
        }
    }

    static String json(List<Column> columns) {
        try {
            return JSON.writeValueAsString(columns);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static List<Column> parsed(String json) {
        try {
            return JSON.readValue(json, COLUMNS);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(LOADS + ": its columns cannot be read; somebody changed them", broken);
        }
    }
}

package io.kappamesh.database;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The replication slots of one port on one Kafka cluster. Each snapshot has a slot of its own, with its number in the name: so a capture that is late
 * never touches the slot of the one that came after it. For one thread.
 */
public final class Slots {
    /** The prefix of messages that captures write into the database's log. */
    public static final String MESSAGES = "mesh.capture";

    private static final int LONGEST_PORT = 40;
    private static final int DIGEST_BYTES = 4;
    private static final Duration TO_LEAVE = Duration.ofSeconds(20);
    private static final long GLANCE_MILLIS = 50;

    /** The number in a slot's name. */
    private static final String NUMBER = "substring(slot_name::text from '[0-9]+$')::numeric";

    private final Connection connection;
    private final String base;

    /** @param base as {@link #base} makes it */
    public Slots(Connection connection, String base) {
        this.connection = connection;
        this.base = base;
    }

    /**
     * A slot.
     *
     * @param confirmed up to where its reader has confirmed, and before which nothing can be read again
     * @param lost whether PostgreSQL has removed what it needs
     */
    public record Slot(String name, long confirmed, boolean lost) {}

    /** What the names of a port's slots begin with: slots belong to a whole server, on which several clusters may capture. */
    public static String base(String port, String cluster) {
        String plain = port.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        return "mesh_" + (plain.length() > LONGEST_PORT ? plain.substring(0, LONGEST_PORT) : plain) + "_"
                + digest(port + "|" + cluster);
    }

    private static String digest(String text) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name of the slot of a snapshot. */
    public String name(long snapshot) {
        return base + "_" + snapshot;
    }

    /** A slot of the port. */
    public Optional<Slot> find(long snapshot) throws SQLException {
        List<Map<String, String>> found = Rows.of(connection, """
                SELECT pg_wal_lsn_diff(coalesce(confirmed_flush_lsn, restart_lsn), '0/0')::bigint AS confirmed, coalesce(wal_status, '') = 'lost' AS lost
                FROM pg_replication_slots WHERE slot_name = ? AND database = current_database() AND plugin = 'pgoutput'""", name(snapshot));
        return found.stream()
                .findFirst()
                .map(row -> new Slot(
                        name(snapshot),
                        Long.parseLong(row.getOrDefault("confirmed", "0")),
                        "t".equals(row.get("lost"))));
    }

    /** Sends readers of a snapshot's slot and of earlier ones away, who are other captures of the port, and are fenced by now. */
    public void free(long snapshot) throws SQLException, InterruptedException {
        free(mine(), snapshot);
    }

    private void free(String names, long last) throws SQLException, InterruptedException {
        long giveUp = System.nanoTime() + TO_LEAVE.toNanos();
        while (true) {
            List<Map<String, String>> readers = Rows.of(
                    connection,
                    "SELECT slot_name, pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name ~ ? AND active AND "
                            + NUMBER + " <= ?",
                    names,
                    last);
            if (readers.isEmpty()) {
                return;
            }
            if (System.nanoTime() > giveUp) {
                throw new SQLException(
                        "slot " + readers.get(0).get("slot_name") + " is still read by somebody else", "55006");
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    private String mine() {
        return "^" + base + "_[0-9]+$";
    }

    /** The highest number of a slot that the port has; 0 = it has none. */
    public long highest() throws SQLException {
        return Long.parseLong(Rows.value(
                connection,
                "SELECT coalesce(max(" + NUMBER + "), 0)::bigint FROM pg_replication_slots WHERE slot_name ~ ?",
                mine()));
    }

    /** Drops the slots of earlier snapshots. Slots that are read stay: their readers are to be freed before. */
    public void dropBefore(long snapshot) throws SQLException {
        List<Map<String, String>> unused = Rows.of(
                connection,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name ~ ? AND NOT active AND " + NUMBER + " < ?",
                mine(),
                snapshot);
    }

    /** Sends the reader of a slot away, who may be still about to make it, and drops the slot. */
    public void drop(long snapshot) throws SQLException, InterruptedException {
        free("^" + name(snapshot) + "$", snapshot);
        List<Map<String, String>> unused = Rows.of(
                connection,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ? AND NOT active",
                name(snapshot));
    }

    /** Writes a message into the database's log, in a transaction of its own, which comes back as a change. */
    public void ping(String content) throws SQLException {
        List<Map<String, String>> unused =
                Rows.of(connection, "SELECT pg_logical_emit_message(true, ?, ?)", MESSAGES, content);
    }

    /** How many bytes of the log lie behind a position. */
    public long behind(long lsn) throws SQLException {
        return Long.parseLong(
                Rows.value(connection, "SELECT (pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') - ?)::bigint", lsn));
    }
}

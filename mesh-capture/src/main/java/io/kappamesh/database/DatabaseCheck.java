package io.kappamesh.database;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a table can be captured. Everything that is wrong is named at once, with the SQL that mends it. A publication that does not exist is made,
 * where the role may. For one thread.
 */
public final class DatabaseCheck {
    private static final int OLDEST = 140_000;
    private static final int WITH_FILTERS = 150_000;
    private static final int LONGEST_NAME = 63;

    private final String where;
    private final Connection connection;
    private final TableName table;
    private final String publication;
    private final boolean takesUnlogged;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param where what problems begin with
     * @param publication that has the table, or will have it
     * @param takesUnlogged whether large values may be missing in changes that leave them as they were
     */
    public DatabaseCheck(
            String where, Connection connection, TableName table, String publication, boolean takesUnlogged) {
        this.where = where;
        this.connection = connection;
        this.table = table;
        this.publication = publication;
        this.takesUnlogged = takesUnlogged;
    }

    /**
     * The table as it is now.
     *
     * @throws StartupException with everything that is wrong
     */
    public CapturedTable require() throws SQLException {
        int version = server();
        String role = Rows.value(connection, "SELECT current_user");
        role(role);
        List<Map<String, String>> found = Rows.of(connection, """
                        SELECT c.oid, relkind, relpersistence, relreplident, relhassubclass, reltuples::bigint AS tuples,
                          reltoastrelid <> 0 AS large, row_security_active(c.oid) AS guarded,
                          has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') AS readable, pg_has_role(relowner, 'USAGE') AS owned
                        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ? AND relname = ?""", table.schema(), table.table());
        if (found.isEmpty()) {
            problems.add("table " + table + " does not exist in this database");
            throw new StartupException(ExitCode.CONFIGURATION, named());
        }
        Map<String, String> row = found.get(0);
        CapturedTable captured = table(row, role);
        if (problems.isEmpty()) {
            publication(version, captured.oid(), isTrue(row, "owned"));
        }
        StartupException.throwIfAny(ExitCode.CONFIGURATION, named());
        return new CapturedTable(
                captured.system(),
                captured.database(),
                captured.oid(),
                captured.key(),
                Marks.of(connection, publication, captured.oid()),
                captured.generated(),
                captured.rows());
    }

    private List<String> named() {
        return problems.stream().map(problem -> where + problem).toList();
    }

    private static boolean isTrue(Map<String, String> row, String column) {
        return "t".equals(row.get(column));
    }

    private int server() throws SQLException {
        int version = Integer.parseInt(Rows.value(connection, "SHOW server_version_num"));
        if (version < OLDEST) {
            problems.add(
                    "PostgreSQL 14 or newer is needed, and this is " + Rows.value(connection, "SHOW server_version"));
        }
        String level = Rows.value(connection, "SHOW wal_level");
        if (!level.equals("logical")) {
            problems.add("wal_level is " + level
                    + ", and its log says too little; as a superuser: ALTER SYSTEM SET wal_level"
                    + " = 'logical'; and start the server again");
        }
        if (Rows.isTrue(connection, "SELECT pg_is_in_recovery()")) {
            problems.add("this server is a standby, which cannot be written to; name the primary");
        }
        return version;
    }

    private void role(String role) throws SQLException {
        // Where the provider keeps the attribute for itself, a role of its own stands for it.
        if (!Rows.isTrue(connection, """
                SELECT rolreplication OR rolsuper OR EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname IN ('rds_replication', 'azure_pg_admin')
                  AND pg_has_role(current_user, r.oid, 'MEMBER')) FROM pg_roles WHERE rolname = current_user""")) {
            problems.add("role " + role + " may not replicate; ALTER ROLE \"" + role + "\" REPLICATION;");
        }
    }

    private CapturedTable table(Map<String, String> row, String role) throws SQLException {
        long oid = Long.parseLong(row.getOrDefault("oid", "0"));
        switch (row.getOrDefault("relkind", "")) {
            case "r" -> {}
            case "p" ->
                problems.add("table " + table + " is partitioned; capture each of its partitions, or another table");
            default -> problems.add(table + " is no table whose changes are logged");
        }
        if (!"p".equals(row.get("relpersistence"))) {
            problems.add("table " + table + " is not logged; ALTER TABLE " + table.quoted() + " SET LOGGED;");
        }
        if (isTrue(row, "relhassubclass")) {
            problems.add(
                    "other tables inherit from " + table
                            + ", and their rows would be in the snapshot and not in the changes; capture a table without heirs");
        }
        if (isTrue(row, "guarded")) {
            problems.add("row security hides rows of " + table + " from this role; ALTER ROLE \"" + role
                    + "\" BYPASSRLS; or connect as another role");
        }
        if (!isTrue(row, "readable")) {
            problems.add("the role may not read " + table + "; GRANT USAGE ON SCHEMA \"" + table.schema() + "\" TO \""
                    + role + "\"; GRANT SELECT ON " + table.quoted() + " TO \"" + role + "\";");
        }
        List<String> key = columns(oid, """
                SELECT attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)
                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = ?::oid AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place""");
        if (key.isEmpty()) {
            problems.add("table " + table + " has no primary key, by which its rows are known; ALTER TABLE "
                    + table.quoted() + " ADD PRIMARY KEY (…);");
        }
        if (Rows.isTrue(
                connection,
                "SELECT EXISTS (SELECT 1 FROM pg_index WHERE indrelid = ?::oid AND indisprimary AND NOT indimmediate)",
                oid)) {
            problems.add("the primary key of " + table
                    + " is DEFERRABLE, so that two rows may have one key for a while; make it anew without that");
        }
        List<String> generated = columns(oid, """
                SELECT attname FROM pg_attribute
                WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND attgenerated <> '' ORDER BY attnum""");
        if (key.stream().anyMatch(generated::contains)) {
            problems.add("the primary key of " + table
                    + " has a column that PostgreSQL computes and does not send with changes; give it another key");
        }
        for (String column : columns(oid, """
                SELECT attname FROM pg_attribute
                WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND atttypid = 'name'::regtype ORDER BY attnum""")) {
            problems.add("column " + column + " of table " + table
                    + " is of type name, of which Debezium writes no value in changes; ALTER TABLE " + table.quoted()
                    + " ALTER COLUMN \"" + column + "\" TYPE text;");
        }
        problems.addAll(identity(row, oid));
        return new CapturedTable(
                system(),
                Rows.value(connection, "SELECT current_database()"),
                oid,
                key,
                Marks.UNKNOWN,
                generated,
                Long.parseLong(row.getOrDefault("tuples", "-1")));
    }

    /** What is wrong with what PostgreSQL logs of a row that is changed. */
    private List<String> identity(Map<String, String> row, long oid) throws SQLException {
        String full = "ALTER TABLE " + table.quoted() + " REPLICA IDENTITY FULL;";
        switch (row.getOrDefault("relreplident", "")) {
            case "f" -> {
                return List.of();
            }
            case "d" -> {
                if (!isTrue(row, "large")) {
                    return List.of();
                }
                if (!takesUnlogged) {
                    return List.of("table " + table
                            + " has columns with room for large values, which PostgreSQL does not log when an update leaves"
                            + " them as they were; " + full
                            + " or, if its values are never larger than 2 kB, say --accept-unlogged");
                }
                return unloggedArrays(oid).stream()
                        .map(column -> "column " + column + " of table " + table
                                + " needs REPLICA IDENTITY FULL: what Debezium writes instead of an array that PostgreSQL"
                                + " does not log looks like a value; " + full)
                        .toList();
            }
            default -> {
                return List.of("the replica identity of " + table
                        + " is not its primary key, so that deletions do not say which row is gone; " + full);
            }
        }
    }

    /** Arrays whose elements cannot be the text that stands for a value that is missing, nor its bytes. */
    private List<String> unloggedArrays(long oid) throws SQLException {
        return columns(oid, """
                SELECT attname FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
                WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND typcategory = 'A' AND attstorage <> 'p'
                  AND typelem NOT IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
                ORDER BY attnum""");
    }

    private List<String> columns(long oid, String sql) throws SQLException {
        return Rows.of(connection, sql, oid).stream()
                .map(row -> row.getOrDefault("attname", ""))
                .toList();
    }

    private String system() throws SQLException {
        return Rows.value(connection, "SELECT system_identifier FROM pg_control_system()");
    }

    private void publication(int version, long oid, boolean owned) throws SQLException {
        String make = "CREATE PUBLICATION \"" + publication + "\" FOR TABLE " + table.quoted() + ";";
        List<Map<String, String>> found = Rows.of(connection, """
                SELECT puballtables, pubviaroot, pubinsert AND pubupdate AND pubdelete AND pubtruncate AS everything,
                  EXISTS (SELECT 1 FROM pg_publication_rel WHERE prpubid = p.oid AND prrelid = ?::oid) AS has
                FROM pg_publication p WHERE pubname = ?""", oid, publication);
        if (found.isEmpty()) {
            boolean may =
                    owned && Rows.isTrue(connection, "SELECT has_database_privilege(current_database(), 'CREATE')");
            if (!may) {
                problems.add("publication " + publication
                        + " does not exist, and the role may not make it; as the owner of " + table + ": " + make);
                return;
            }
            try (var statement = connection.createStatement()) {
                statement.execute(make);
            }
            return;
        }
        Map<String, String> row = found.get(0);
        if (isTrue(row, "puballtables")) {
            String own = publication + "_" + table.table();
            String name = own.length() > LONGEST_NAME ? own.substring(0, LONGEST_NAME) : own;
            problems.add("publication " + publication + " is FOR ALL TABLES and does not name table " + table
                    + ": PostgreSQL then lets it be unlogged for a while without a word; CREATE PUBLICATION \"" + name
                    + "\" FOR TABLE " + table.quoted() + "; and say --publication " + name);
        } else if (!isTrue(row, "has")) {
            problems.add("publication " + publication + " does not name table " + table
                    + " itself, only by a parent or a schema if at all; ALTER PUBLICATION \"" + publication
                    + "\" ADD TABLE " + table.quoted() + ";");
        }
        if (isTrue(row, "pubviaroot")) {
            problems.add("publication " + publication
                    + " publishes changes of a partition as those of its parent; ALTER PUBLICATION \"" + publication
                    + "\" SET (publish_via_partition_root = false);");
        }
        if (!isTrue(row, "everything")) {
            problems.add("publication " + publication + " does not publish everything; ALTER PUBLICATION \""
                    + publication + "\" SET (publish = 'insert, update, delete, truncate');");
        }
        if (version >= WITH_FILTERS
                && Rows.isTrue(
                        connection,
                        "SELECT EXISTS (SELECT 1 FROM pg_publication_rel r JOIN pg_publication p ON p.oid = prpubid"
                                + " WHERE pubname = ? AND prrelid = ?::oid AND (prqual IS NOT NULL OR prattrs IS NOT NULL))",
                        publication,
                        oid)) {
            problems.add("publication " + publication + " leaves rows or columns of " + table
                    + " out; ALTER PUBLICATION \"" + publication + "\" SET TABLE " + table.quoted() + ";");
        }
    }

    /**
     * What has become of the table since, or of its publication, in words.
     *
     * @return empty = it is still the one that is captured, and was so all the time
     */
    public Optional<String> changed(CapturedTable captured) throws SQLException {
        List<Map<String, String>> found =
                Rows.of(connection, """
                SELECT relreplident, reltoastrelid <> 0 AS large FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE nspname = ? AND relname = ? AND c.oid = ?::oid AND EXISTS
                  (SELECT 1 FROM pg_publication_rel JOIN pg_publication p ON p.oid = prpubid WHERE pubname = ? AND prrelid = c.oid)""", table.schema(), table.table(), captured.oid(), publication);
        if (found.isEmpty()) {
            return Optional.of("table " + table + " was dropped, renamed, made anew, or taken out of publication "
                    + publication + "; changes up to then are captured");
        }
        Optional<String> changed =
                Marks.of(connection, publication, captured.oid()).changedFrom(captured.marks());
        return changed.isPresent()
                ? changed
                : identity(found.get(0), captured.oid()).stream().reduce((one, another) -> one + " " + another);
    }
}

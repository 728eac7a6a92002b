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
                marks(version, captured.oid()),
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
                WHERE i.indrelid = ?::oid AND i.indisprimary ORDER BY k.place""");
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
        identity(row);
        return new CapturedTable(
                system(),
                Rows.value(connection, "SELECT current_database()"),
                oid,
                key,
                Map.of(),
                generated,
                Long.parseLong(row.getOrDefault("tuples", "-1")));
    }

    private void identity(Map<String, String> row) {
        String full = "ALTER TABLE " + table.quoted() + " REPLICA IDENTITY FULL;";
        switch (row.getOrDefault("relreplident", "")) {
            case "f" -> {}
            case "d" -> {
                if (isTrue(row, "large") && !takesUnlogged) {
                    problems.add("table " + table
                            + " has columns with room for large values, which PostgreSQL does not log when an update leaves"
                            + " them as they were; " + full
                            + " or, if its values are never larger than 2 kB, say --accept-unlogged");
                }
            }
            default ->
                problems.add("the replica identity of " + table
                        + " is not its primary key, so that deletions do not say which row is gone; " + full);
        }
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
                SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate AS everything,
                  EXISTS (SELECT 1 FROM pg_publication_tables t WHERE t.pubname = p.pubname AND schemaname = ? AND tablename = ?) AS has
                FROM pg_publication p WHERE pubname = ?""", table.schema(), table.table(), publication);
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
        if (!isTrue(row, "has")) {
            problems.add("publication " + publication + " does not have table " + table + "; ALTER PUBLICATION \""
                    + publication + "\" ADD TABLE " + table.quoted() + ";");
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
     * PostgreSQL looks at the publication as it was when a change was made, and sends no word of what that leaves out; Debezium looks at the name that the
     * table had. Rows of the catalogs have another number of the transaction that wrote them (xmin) after each change, and keep it otherwise, also when
     * they are frozen. The name is in the row of the table's type too, which is written only when name, schema or owner change.
     */
    private Map<String, String> marks(int version, long oid) throws SQLException {
        String schemas = version < WITH_FILTERS ? "" : """
                  UNION ALL SELECT n.oid, n.xmin FROM pg_publication_namespace n
                    JOIN pg_publication p ON p.oid = pnpubid JOIN pg_class c ON c.relnamespace = pnnspid, asked WHERE pubname = publication AND c.oid = relation
                """;
        Map<String, String> found =
                Rows.of(connection, """
                WITH asked AS (SELECT ?::text AS publication, ?::oid AS relation),
                published AS (
                  SELECT p.oid, p.xmin FROM pg_publication p, asked WHERE pubname = publication
                  UNION ALL SELECT r.oid, r.xmin FROM pg_publication_rel r JOIN pg_publication p ON p.oid = prpubid, asked
                    WHERE pubname = publication AND prrelid = relation
                """ + schemas + """
                )
                SELECT (SELECT string_agg(oid || ':' || xmin, ' ' ORDER BY oid) FROM published) AS publication,
                  (SELECT t.oid || ':' || t.xmin FROM pg_class c JOIN pg_type t ON t.oid = reltype, asked WHERE c.oid = relation) AS name,
                  (SELECT string_agg(CASE WHEN atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 'integer'
                      WHEN atttypid IN ('text'::regtype, 'varchar'::regtype) THEN 'text' ELSE format_type(atttypid, atttypmod) END, ' ' ORDER BY attnum)
                    FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND attnum = ANY (indkey), asked WHERE attrelid = relation AND indisprimary) AS types
                """, publication, oid).get(0);
        return Map.of(
                "publication " + publication + ", for this table",
                found.getOrDefault("publication", ""),
                "the name, the schema or the owner of the table",
                found.getOrDefault("name", ""),
                "the types of its primary key",
                found.getOrDefault("types", ""));
    }

    /**
     * What has become of the table since, or of its publication, in words.
     *
     * @return empty = it is still the one that is captured, and was so all the time
     */
    public Optional<String> changed(CapturedTable captured) throws SQLException {
        if (!Rows.isTrue(
                connection,
                "SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                        + " JOIN pg_publication_tables t ON t.schemaname = nspname AND t.tablename = relname"
                        + " WHERE nspname = ? AND relname = ? AND c.oid = ?::oid AND pubname = ?)",
                table.schema(),
                table.table(),
                captured.oid(),
                publication)) {
            return Optional.of("table " + table + " was dropped, renamed, made anew, or taken out of publication "
                    + publication + "; changes up to then are captured");
        }
        int version = Integer.parseInt(Rows.value(connection, "SHOW server_version_num"));
        return CapturedTable.changed(captured.marks(), marks(version, captured.oid()));
    }
}

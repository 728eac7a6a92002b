package io.kappamesh.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decides which changes of a table are sent, and under which keys. Another mark stands there after it was changed, also if that was taken back. An
 * immutable value; its names stand in persisted positions.
 *
 * <p>PostgreSQL looks at the publication as it was when a change was made, and sends no word of what that leaves out; Debezium looks at the name that the
 * table had. Rows of the catalogs have another number of the transaction that wrote them (xmin) after each change, and keep it otherwise, also when they
 * are frozen. The name is in the row of the table's type too, which is written only when name, schema or owner change.
 *
 * @param publication its name
 * @param published the rows of the publication, and of the table in it
 * @param type the row of the table's type
 * @param keyTypes of the columns of the primary key, as far as other types would be written as other keys
 */
public record Marks(String publication, String published, String type, String keyTypes) {
    /** Nobody has written down what they were. */
    public static final Marks UNKNOWN = new Marks("", "", "", "");

    /** As they are now. */
    static Marks of(Connection connection, String publication, long oid) throws SQLException {
        // The scale of a numeric is written, whatever its precision; integers and texts are written alike, however
        // long.
        Map<String, String> found = Rows.of(connection, """
                WITH asked AS (SELECT ?::text AS publication, ?::oid AS relation),
                published AS (
                  SELECT p.oid, p.xmin FROM pg_publication p, asked WHERE pubname = publication
                  UNION ALL SELECT r.oid, r.xmin FROM pg_publication_rel r JOIN pg_publication p ON p.oid = prpubid, asked
                    WHERE pubname = publication AND prrelid = relation
                )
                SELECT (SELECT string_agg(oid || ':' || xmin, ' ' ORDER BY oid) FROM published) AS published,
                  (SELECT t.oid || ':' || t.xmin FROM pg_class c JOIN pg_type t ON t.oid = reltype, asked WHERE c.oid = relation) AS type,
                  (SELECT string_agg(CASE WHEN atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 'integer'
                      WHEN atttypid IN ('text'::regtype, 'varchar'::regtype) THEN 'text'
                      WHEN atttypid = 'numeric'::regtype AND atttypmod >= 4 THEN 'numeric:' || ((atttypmod - 4) & 2047)
                      ELSE atttypid::oid || ':' || atttypmod END, ' ' ORDER BY attnum)
                    FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1]), asked
                    WHERE attrelid = relation AND indisprimary) AS "keyTypes"
                """, publication, oid).get(0);
        return new Marks(
                publication,
                found.getOrDefault("published", ""),
                found.getOrDefault("type", ""),
                found.getOrDefault("keyTypes", ""));
    }

    /**
     * What was changed since, in words.
     *
     * @param before as they were
     * @return empty = nothing
     */
    public Optional<String> changedFrom(Marks before) {
        if (equals(before)) {
            return Optional.empty();
        }
        if (before.equals(UNKNOWN)) {
            return Optional.of("an earlier version of this library has not written down what publication and table were"
                    + " like, and changes of rows may be missing");
        }
        if (!publication.equals(before.publication)) {
            return Optional.of("was captured from publication " + before.publication + ", and publication "
                    + publication + " may have left changes of rows out");
        }
        List<String> changed = new ArrayList<>();
        if (!published.equals(before.published)) {
            changed.add("publication " + publication + ", for this table");
        }
        if (!type.equals(before.type)) {
            changed.add("the name, the schema or the owner of the table");
        }
        if (!keyTypes.equals(before.keyTypes)) {
            changed.add("the types of its primary key");
        }
        return Optional.of(String.join(", ", changed) + (changed.size() > 1 ? " were" : " was")
                + " changed, perhaps back again, and changes of rows may be missing");
    }
}

package io.kappamesh.benchmarks.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * What stands in a table of order lines, whatever the order of its rows.
 *
 * @param count how many rows
 * @param checksum the sum of a digest of each row
 */
public record TableRows(long count, long checksum) {
    public static final TableRows NONE = new TableRows(0, 0);

    private static final String DIGEST =
            "('x' || substr(md5(concat_ws('|', mesh_key, line_id, (extract(epoch FROM placed_at) * 1000)::bigint,"
                    + " order_id, customer_id, segment, part_id, line_number, quantity, extended_price, discount, tax)),"
                    + " 1, 8))::bit(32)::int";

    /** @param columns as in files of lines */
    public TableRows and(String[] columns) {
        StringBuilder text = new StringBuilder(columns[0])
                .append('|')
                .append(columns[0])
                .append('|')
                .append(Instant.parse(columns[1]).toEpochMilli());
        for (int at = 2; at < columns.length; at++) {
            text.append('|').append(columns[at]);
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return new TableRows(count + 1, checksum + ByteBuffer.wrap(digest).getInt());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }

    /** Reads a whole table. */
    public static TableRows of(String jdbcUrl, String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT count(*), coalesce(sum(" + DIGEST + "::bigint), 0) FROM " + table)) {
            answer.next();
            return new TableRows(answer.getLong(1), answer.getLong(2));
        }
    }
}

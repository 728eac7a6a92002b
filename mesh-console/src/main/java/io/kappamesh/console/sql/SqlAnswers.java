package io.kappamesh.console.sql;

import static java.util.Objects.requireNonNull;

import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchQuery;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The TPC-H queries, as an analyst asks them of the products' tables. Columns have the specification's names. Thread-safe. */
public final class SqlAnswers {
    private final Database database;

    SqlAnswers(Database database) {
        this.database = database;
    }

    /** The query's text. */
    public static String text(TpchQuery query) {
        String name = "q" + query.number() + ".sql";
        try (InputStream text = requireNonNull(SqlAnswers.class.getResourceAsStream(name), name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the database answers. */
    public Answer answer(TpchQuery query) throws SQLException {
        List<Answer.Row> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(text(query))) {
            while (row.next()) {
                List<String> key = new ArrayList<>();
                for (String column : query.keys()) {
                    key.add(row.getString(column));
                }
                List<BigDecimal> measures = new ArrayList<>();
                for (String column : query.measures()) {
                    measures.add(row.getBigDecimal(column));
                }
                rows.add(new Answer.Row(key, measures));
            }
        }
        return new Answer(query.keys(), query.measures(), rows);
    }
}

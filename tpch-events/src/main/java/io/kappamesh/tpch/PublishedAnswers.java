package io.kappamesh.tpch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The answers that came with the generator, read from its jar. They print averages with two digits after the point and the share of
 * Q14 with thirteen, rounded half up, and sums in full. Immutable; may be shared by threads.
 */
public final class PublishedAnswers {

    private static final double PUBLISHED_SCALE = 0.01;

    private PublishedAnswers() {}

    /** The published answers for a TPC-H scale: there are some for 0.01 and for no other. */
    public static Optional<PublishedAnswers> forScale(double scale) {
        return scale == PUBLISHED_SCALE ? Optional.of(new PublishedAnswers()) : Optional.empty();
    }

    /**
     * The answer to a query.
     *
     * @throws IllegalStateException if the generator's jar does not hold it
     */
    public Answer answer(TpchQuery query) {
        String resource = "/io/trino/tpch/queries/q%d.result".formatted(query.number());
        List<Answer.Row> rows = lines(resource).stream()
                .filter(line -> !line.startsWith("--") && !line.isBlank())
                .map(line -> row(query, line))
                .toList();
        return new Answer(query.keys(), query.measures(), rows);
    }

    private static Answer.Row row(TpchQuery query, String line) {
        // Some lines end in a delimiter and some do not; split drops what is empty at the end.
        List<String> cells = List.of(line.split("\\|"));
        return new Answer.Row(
                query.keys().stream().map(key -> cell(query, key, cells)).toList(),
                query.measures().stream()
                        .map(measure ->
                                new BigDecimal(cell(query, measure, cells).strip()))
                        .toList());
    }

    /** As it is: comments may begin or end with a space. */
    private static String cell(TpchQuery query, String column, List<String> cells) {
        return cells.get(query.columns().indexOf(column));
    }

    private static List<String> lines(String resource) {
        try (InputStream in = PublishedAnswers.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "published answers: %s is not on the class path; depend on io.trino.tpch:tpch"
                                .formatted(resource));
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

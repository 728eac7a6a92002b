package io.kappamesh.console.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.load.LoadVerification;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The demo's report as JSON: {@code scale}, {@code history}, {@code products} by name (recordsIn, recordsOut, deadLetters,
 * replaySeconds, liveSeconds), {@code queries} by name (found and, where there is one, expected: rows of columns), {@code
 * peakMemoryBytes} by process; from archives also {@code archive} by port (files, rows, written, refused, live); with SQL also {@code sql.tables} by port (rows, equal) and {@code sql.queries} as above. Used by one thread.
 */
final class DemoReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();

    DemoReport(double scale, double history) {
        root.put("scale", scale);
        root.put("history", history);
        root.putObject("products");
        root.putObject("queries");
    }

    /** Seconds from the start of the domains until each product was through with the history. */
    void replayed(Map<WorkedProduct, Double> seconds) {
        seconds.forEach((product, taken) -> product(product).put("replaySeconds", rounded(taken)));
    }

    /** Seconds from the first live event until each product was through with the last. */
    void wentLive(Map<WorkedProduct, Double> seconds) {
        seconds.forEach((product, taken) -> product(product).put("liveSeconds", rounded(taken)));
    }

    void products(List<WorkedProduct> products, Map<String, DomainStatus.Product> status) {
        for (WorkedProduct product : products) {
            DomainStatus.Product known = status.getOrDefault(product.product(), DomainStatus.Product.UNKNOWN);
            product(product)
                    .put("recordsIn", known.recordsIn())
                    .put("recordsOut", known.recordsOut())
                    .put("deadLetters", known.deadLetters());
        }
    }

    /** What was ingested of an archive. */
    void ingested(IngestReport found) {
        root.withObject("/archive")
                .putObject(found.port())
                .put("files", found.files().size())
                .put("rows", found.rows())
                .put("written", found.written().stream().mapToLong(one -> one).sum())
                .put("refused", found.refused())
                .put("live", found.live());
    }

    void answer(TpchQuery query, Answer found, Optional<Answer> expected) {
        answer("/queries", query, found, expected);
    }

    /** What PostgreSQL answered; nobody may know what it should have. */
    void sqlAnswer(TpchQuery query, Answer found, Optional<Answer> expected) {
        answer("/sql/queries", query, found, expected);
    }

    /** What the comparison of a table with its topic found. */
    void table(LoadVerification found) {
        root.withObject("/sql/tables")
                .putObject(found.port())
                .put("rows", found.topicKeys())
                .put("equal", found.equal())
                .put("agrees", found.isComplete());
    }

    private void answer(String group, TpchQuery query, Answer found, Optional<Answer> expected) {
        ObjectNode node = root.withObject(group).putObject("Q" + query.number());
        rows(node.putArray("found"), found);
        expected.ifPresent(answer -> rows(node.putArray("expected"), answer));
        node.put(
                "agrees",
                expected.map(answer -> found.differencesFrom(answer).isEmpty()).orElse(null));
    }

    void peakMemory(Map<String, Long> bytes) {
        ObjectNode node = root.putObject("peakMemoryBytes");
        bytes.forEach(node::put);
    }

    void write(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }

    private ObjectNode product(WorkedProduct product) {
        ObjectNode products = root.withObject("/products");
        @Nullable ObjectNode node = (ObjectNode) products.get(product.product());
        return node == null ? products.putObject(product.product()) : node;
    }

    private static void rows(ArrayNode rows, Answer answer) {
        for (Answer.Row row : answer.rows()) {
            ObjectNode node = rows.addObject();
            for (int i = 0; i < answer.keys().size(); i++) {
                node.put(answer.keys().get(i), row.key().get(i));
            }
            for (int i = 0; i < answer.measures().size(); i++) {
                node.put(answer.measures().get(i), row.measures().get(i));
            }
        }
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}

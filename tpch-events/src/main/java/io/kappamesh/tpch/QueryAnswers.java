package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers {@linkplain #queries() those queries} that rows of {@code logistics.shipments.v1} suffice for: add the final row of each key, then
 * ask.
 *
 * <p>Rounding: sums are exact; averages are rounded half up to two digits after the point, as the published answers are.
 * Lines of which the dispatch or the delivery is not known are left out, for TPC-H has no such lines: what they should have
 * added shows as a difference.
 *
 * <p>Not thread-safe.
 */
public final class QueryAnswers {

    private final Map<TpchQuery, QueryAnswer> answers = Map.of(
            TpchQuery.Q1, new PricingSummary(),
            TpchQuery.Q4, new OrderPriorityChecking(),
            TpchQuery.Q6, new RevenueForecast(),
            TpchQuery.Q12, new ShippingModes());

    /** The queries that it answers. */
    public static List<TpchQuery> queries() {
        QueryAnswers any = new QueryAnswers();
        return Stream.of(TpchQuery.values()).filter(any.answers::containsKey).toList();
    }

    /** Adds the final row of a key; a second row of the same key would be counted again. */
    public void add(Shipment line) {
        if (isComplete(line)) {
            answers.values().forEach(answer -> answer.add(line));
        }
    }

    /**
     * The answer to a query over the rows added so far.
     *
     * @throws IllegalArgumentException if shipments do not suffice for it
     */
    public Answer answer(TpchQuery query) {
        QueryAnswer answer = answers.get(query);
        if (answer == null) {
            throw new IllegalArgumentException(
                    query + " needs more than shipments; those that do not are " + queries());
        }
        return new Answer(query.keys(), query.measures(), answer.rows());
    }

    private static boolean isComplete(Shipment line) {
        return line.getShipMode() != null
                && line.getLineStatus() != null
                && line.getShipDate() != null
                && line.getCommitDate() != null
                && line.getReceiptDate() != null
                && line.getReturnFlag() != null;
    }

    /** One query being computed. */
    interface QueryAnswer {

        /** Takes a line that was dispatched and delivered into account, if the query asks about it. */
        void add(Shipment line);

        /** The rows so far, in any order. */
        List<Answer.Row> rows();
    }
}

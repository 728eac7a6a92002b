package io.kappamesh.tpch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.contracts.logistics.shipments.v1.ShipmentStatus;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class QueryAnswersTest {

    private static final double SCALE = 0.01;
    private static TpchDatabase database;

    @BeforeAll
    static void load() {
        database = TpchDatabase.withMasterData(SCALE);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @MethodSource("ofShipments")
    void rowsOfTheGeneratorGiveThePublishedAnswer(TpchQuery query) {
        Answer answer = answersOf(SCALE).answer(query);

        assertThat(answer.differencesFrom(published(query))).isEmpty();
        assertThat(answer).isEqualTo(published(query));
    }

    @ParameterizedTest
    @EnumSource
    void sqlOverTheGeneratorsRowsGivesThePublishedAnswer(TpchQuery query) {
        assertThat(database.answer(query).differencesFrom(published(query))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ofShipments")
    void rowsAndSqlAgreeAtAScaleWithoutPublishedAnswers(TpchQuery query) {
        double scale = 0.003;
        try (TpchDatabase other = TpchDatabase.atScale(scale)) {
            Answer answer = answersOf(scale).answer(query);

            assertThat(answer.differencesFrom(other.answer(query))).isEmpty();
        }
    }

    @Test
    void oneCentMoreOnOneLineIsReported() {
        QueryAnswers altered = answersOf(
                SCALE, line -> line.setExtendedPrice(line.getExtendedPrice().add(new BigDecimal("0.01"))));

        List<String> differences = altered.answer(TpchQuery.Q1).differencesFrom(published(TpchQuery.Q1));

        assertThat(differences)
                .hasSize(3)
                .allMatch(difference -> difference.startsWith("N|O: sum_"))
                .contains("N|O: sum_base_price is 1041502841.46, expected 1041502841.45");
    }

    @Test
    void lineNotYetDeliveredIsMissedByItsAnswer() {
        QueryAnswers altered = answersOf(SCALE, line -> {
            line.setStatus(ShipmentStatus.DISPATCHED);
            line.setReceiptDate(null);
            line.setReturnFlag(null);
        });

        assertThat(altered.answer(TpchQuery.Q1).differencesFrom(published(TpchQuery.Q1)))
                .contains("N|O: count_order is 29180, expected 29181");
    }

    @Test
    void lineDeliveredBeforeItsDispatchIsKnownIsMissedByItsAnswer() {
        QueryAnswers altered = answersOf(SCALE, line -> {
            line.setShipMode(null);
            line.setLineStatus(null);
            line.setShipDate(null);
            line.setCommitDate(null);
        });

        assertThat(altered.answer(TpchQuery.Q1).differencesFrom(published(TpchQuery.Q1)))
                .contains("N|O: count_order is 29180, expected 29181");
    }

    @Test
    void everyQueryNoticesPromisesMadeLaterAndDiscountsTakenBack() {
        QueryAnswers altered = new QueryAnswers();
        GeneratedShipments.forEach(SCALE, line -> {
            line.setCommitDate(line.getReceiptDate());
            line.setDiscount(BigDecimal.ZERO);
            altered.add(line);
        });

        for (TpchQuery query : QueryAnswers.queries()) {
            assertThat(altered.answer(query).differencesFrom(published(query))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("ofShipments")
    void noRowsAreNoAnswer(TpchQuery query) {
        assertThat(new QueryAnswers().answer(query).differencesFrom(published(query)))
                .hasSameSizeAs(published(query).rows());
    }

    @Test
    void shipmentsDoNotSufficeForWhatAsksForCustomersAndParts() {
        assertThat(QueryAnswers.queries()).containsExactly(TpchQuery.Q1, TpchQuery.Q4, TpchQuery.Q6, TpchQuery.Q12);
        assertThatThrownBy(() -> new QueryAnswers().answer(TpchQuery.Q10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q10 needs more than shipments; those that do not are [Q1, Q4, Q6, Q12]");
    }

    @Test
    void publishedCommentsKeepTheirSpaces() {
        List<String> comments = published(TpchQuery.Q10).rows().stream()
                .map(row -> row.key().get(5))
                .toList();

        assertThat(comments)
                .hasSize(20)
                .anyMatch(comment -> comment.startsWith(" "))
                .anyMatch(comment -> comment.endsWith(" "));
    }

    @Test
    void orderWithSeveralLateLinesIsCountedOnce() {
        assertThat(answersOf(SCALE).answer(TpchQuery.Q4).rows())
                .extracting(Answer.Row::measures)
                .containsExactly(counts(93), counts(103), counts(109), counts(102), counts(128));
    }

    @Test
    void answersArePublishedForScaleOneHundredthOnly() {
        assertThat(PublishedAnswers.forScale(0.01)).isPresent();
        assertThat(PublishedAnswers.forScale(0.1)).isEmpty();
    }

    @Test
    void databaseGroupsRevenueByDayAndSegment() {
        Answer revenue = database.dailyRevenue();

        assertThat(sum(revenue, "orders")).isEqualByComparingTo("15000");
        assertThat(sum(revenue, "lines")).isEqualByComparingTo("60175");
        assertThat(revenue.rows().get(0).key().get(0)).isEqualTo("1992-01-01");
        assertThat(revenue.rows()).extracting(row -> row.key().get(1)).contains("BUILDING", "MACHINERY");
    }

    @Test
    void databaseGroupsDeliveriesByModePriorityAndMonth() {
        Answer performance = database.deliveryPerformance();

        assertThat(sum(performance, "delivered")).isEqualByComparingTo("60175");
        assertThat(performance.rows().get(0).key()).containsExactly("AIR", "1-URGENT", "1992-01");
    }

    private static List<TpchQuery> ofShipments() {
        return QueryAnswers.queries();
    }

    private static QueryAnswers answersOf(double scale) {
        return answersOf(scale, line -> {});
    }

    /** The answers after the second line of the first order was altered. */
    private static QueryAnswers answersOf(double scale, Consumer<Shipment> alteration) {
        QueryAnswers answers = new QueryAnswers();
        GeneratedShipments.forEach(scale, line -> {
            if (line.getOrderId().equals("1") && line.getLineNumber() == 2) {
                alteration.accept(line);
            }
            answers.add(line);
        });
        return answers;
    }

    private static Answer published(TpchQuery query) {
        return PublishedAnswers.forScale(SCALE).orElseThrow().answer(query);
    }

    private static List<BigDecimal> counts(long count) {
        return List.of(BigDecimal.valueOf(count));
    }

    private static BigDecimal sum(Answer answer, String measure) {
        int column = answer.measures().indexOf(measure);
        return answer.rows().stream().map(row -> row.measures().get(column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}

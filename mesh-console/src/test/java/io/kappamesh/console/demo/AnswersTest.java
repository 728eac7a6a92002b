package io.kappamesh.console.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchQuery;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How answers are shown, on the screen and in the report. */
class AnswersTest {
    private static final Answer FOUND = answer("64", "86");
    private static final Answer PUBLISHED = answer("64", "87");

    @Test
    void whatWasFoundStandsAboveWhatIsPublished() {
        assertThat(AnswerTable.lines(FOUND, Optional.of(PUBLISHED)))
                .containsExactly(
                        "            mode high",
                        "  found     MAIL   64",
                        "  published MAIL   64",
                        "  found     SHIP   86",
                        "  published SHIP   87");
    }

    @Test
    void withoutAPublishedAnswerThereIsWhatWasFound() {
        assertThat(AnswerTable.lines(FOUND, Optional.empty())).hasSize(3);
    }

    @Test
    void theReportSaysWhetherAnswersAgree(@TempDir Path directory) throws Exception {
        DemoReport report = new DemoReport(0.01, 0.5);
        report.answer(TpchQuery.Q1, FOUND, Optional.of(PUBLISHED));
        report.answer(TpchQuery.Q4, FOUND, Optional.of(answer("64.00", "86")));
        report.answer(TpchQuery.Q6, FOUND, Optional.empty());
        report.replayed(Map.of(WorkedProduct.ORDERS, 1.23456));
        report.products(
                WorkedProduct.of(List.of("sales", "logistics")),
                Map.of("sales.orders", new DomainStatus.Product("LIVE", 3, 2, 1, 3, 3, 0.5)));
        Path file = directory.resolve("report.json");

        report.write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(query(json, TpchQuery.Q1).get("agrees").asBoolean()).isFalse();
        assertThat(query(json, TpchQuery.Q4).get("agrees").asBoolean()).isTrue();
        assertThat(query(json, TpchQuery.Q6).get("agrees").isNull()).isTrue();
        assertThat(query(json, TpchQuery.Q1).get("found").get(1).get("high").decimalValue())
                .isEqualByComparingTo(BigDecimal.valueOf(86));
        JsonNode orders = json.get("products").get("sales.orders");
        assertThat(orders.get("replaySeconds").asDouble()).isEqualTo(1.235);
        assertThat(orders.get("deadLetters").asInt()).isEqualTo(1);
        assertThat(json.get("products")).hasSize(5);
    }

    private static JsonNode query(JsonNode json, TpchQuery query) {
        return json.get("queries").get("Q" + query.number());
    }

    private static Answer answer(String mail, String ship) {
        return new Answer(
                List.of("mode"),
                List.of("high"),
                List.of(
                        new Answer.Row(List.of("MAIL"), List.of(new BigDecimal(mail))),
                        new Answer.Row(List.of("SHIP"), List.of(new BigDecimal(ship)))));
    }
}

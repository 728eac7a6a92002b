package io.kappamesh.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentifiersTest {

    @ParameterizedTest
    @CsvSource({
        "orderDate, order_date",
        "order_date, order_date",
        "orderURL2, order_url2",
        "URLOfOrder, url_of_order",
        "_mesh, _mesh",
        "A, a",
        "late-deliveries, late_deliveries",
        "order, order"
    })
    void namesAreInSnakeCase(String name, String expected) {
        assertThat(Identifiers.of(name)).isEqualTo(expected);
    }

    @Test
    void longNamesAreCutAndStayDistinct() {
        String one = Identifiers.of("x".repeat(70) + "1");
        String other = Identifiers.of("x".repeat(70) + "2");

        assertThat(one).hasSize(63).isNotEqualTo(other);
        assertThat(Identifiers.of("ü".repeat(40)).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void whatIsQuotedCannotEndTheName() {
        assertThat(Identifiers.quoted("a\"; DROP TABLE b")).isEqualTo("\"a\"\"; DROP TABLE b\"");
        assertThat(Identifiers.literal("it's \\ so")).isEqualTo("E'it''s \\\\ so'");
    }
}

package io.kappamesh.masterdata;

import static io.kappamesh.masterdata.Rows.customer;
import static io.kappamesh.masterdata.Rows.nation;
import static io.kappamesh.masterdata.Rows.part;
import static io.kappamesh.masterdata.Rows.supplier;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.masterdata.customers.v1.Customer;
import io.kappamesh.contracts.masterdata.nations.v1.Nation;
import io.kappamesh.contracts.masterdata.parts.v1.Part;
import io.kappamesh.contracts.masterdata.suppliers.v1.Supplier;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class MasterdataProductsTest {
    private static final long NOW = Rows.CHANGED_AT.toEpochMilli();

    @Test
    void replaysEqualLiveAsFarAsCodeTells() {
        MasterdataProducts.all().forEach(product -> ProductLint.of(product).passes());
    }

    @Test
    void aCustomerIsPublishedUnderHisIdAtItsTime() {
        try (ProductDriver driver = ProductDriver.of(MasterdataProducts.customers())) {
            driver.pipe(MasterdataPorts.CUSTOMER_ROWS, "7", customer("7", "Customer#7", "6"));

            assertThat(driver.records(MasterdataPorts.CUSTOMERS))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.key()).isEqualTo("7");
                        assertThat(record.timestamp()).isEqualTo(NOW);
                        assertThat(record.value())
                                .isEqualTo(new Customer(
                                        "7",
                                        "Customer#7",
                                        "12 High Street",
                                        "6",
                                        "16-123-456-7890",
                                        new BigDecimal("-405.91"),
                                        "BUILDING",
                                        " pays late",
                                        Rows.CHANGED_AT));
                    });
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void suppliersPartsAndNationsAreTheirRows() {
        try (ProductDriver suppliers = ProductDriver.of(MasterdataProducts.suppliers());
                ProductDriver parts = ProductDriver.of(MasterdataProducts.parts());
                ProductDriver nations = ProductDriver.of(MasterdataProducts.nations())) {
            suppliers.pipe(MasterdataPorts.SUPPLIER_ROWS, "1", supplier("1", "Supplier#1", "6"));
            parts.pipe(MasterdataPorts.PART_ROWS, "155", part("155", "almond linen", 12, "1055.15"));
            nations.pipe(MasterdataPorts.NATION_ROWS, "6", nation("6", "FRANCE", "EUROPE"));

            assertThat(suppliers.table(MasterdataPorts.SUPPLIERS))
                    .containsOnlyKeys("1")
                    .containsValue(new Supplier(
                            "1",
                            "Supplier#1",
                            "1 Dock Road",
                            "6",
                            "16-987-654-3210",
                            new BigDecimal("10.00"),
                            Rows.CHANGED_AT));
            assertThat(parts.table(MasterdataPorts.PARTS))
                    .containsOnlyKeys("155")
                    .containsValue(new Part(
                            "155",
                            "almond linen",
                            "Manufacturer#1",
                            "Brand#13",
                            "PROMO BURNISHED COPPER",
                            12,
                            "JUMBO PKG",
                            new BigDecimal("1055.15"),
                            Rows.CHANGED_AT));
            assertThat(nations.table(MasterdataPorts.NATIONS))
                    .containsOnlyKeys("6")
                    .containsValue(new Nation("6", "FRANCE", "EUROPE", Rows.CHANGED_AT));
        }
    }

    @Test
    void aCorrectedRowReplacesTheCustomerAndADeletedOneTakesHimAway() {
        try (ProductDriver driver = ProductDriver.of(MasterdataProducts.customers())) {
            driver.pipe(MasterdataPorts.CUSTOMER_ROWS, "7", customer("7", "Customer#7", "6"));
            driver.pipe(MasterdataPorts.CUSTOMER_ROWS, "8", customer("8", "Customer#8", "6"));
            driver.pipe(MasterdataPorts.CUSTOMER_ROWS, "7", customer("7", "Customer#7", "18"));
            driver.pipeDeletion(MasterdataPorts.CUSTOMER_ROWS, "8", NOW);

            assertThat(driver.table(MasterdataPorts.CUSTOMERS)).containsOnlyKeys("7");
            assertThat(driver.table(MasterdataPorts.CUSTOMERS).get("7").getNationId())
                    .isEqualTo("18");
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void badRowsGoToDeadLettersAndTakeTheirKeyAway() {
        try (ProductDriver driver = ProductDriver.of(MasterdataProducts.parts())) {
            driver.pipe(MasterdataPorts.PART_ROWS, "1", part("1", "almond", 1, "0.00"));
            driver.pipe(MasterdataPorts.PART_ROWS, "2", part("2", "linen", 1, "1.00"));
            driver.pipe(MasterdataPorts.PART_ROWS, "2", part("2", "linen", 1, "-0.01"));
            driver.pipe(MasterdataPorts.PART_ROWS, "3", part("3", "peru", 0, "1.00"));
            driver.pipe(MasterdataPorts.PART_ROWS, "4", part("5", "blue", 1, "1.00"));
            byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);
            driver.pipeBytes(MasterdataPorts.PART_ROWS, garbage, garbage, new RecordHeaders(), NOW);

            assertThat(driver.table(MasterdataPorts.PARTS)).containsOnlyKeys("1");
            List<DeadLetter> letters = driver.deadLetters();
            assertThat(letters)
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.QUALITY, Reason.INVALID, Reason.KEY, Reason.UNDECODABLE);
            assertThat(letters.get(0).detail()).contains("price-not-negative");
        }
    }

    @Test
    void theDomainRunsAllItsProducts() {
        assertThat(MasterdataProducts.all())
                .extracting(streaming -> streaming.product().name().toString())
                .containsExactly(
                        "masterdata.nations", "masterdata.customers", "masterdata.suppliers", "masterdata.parts");
    }
}

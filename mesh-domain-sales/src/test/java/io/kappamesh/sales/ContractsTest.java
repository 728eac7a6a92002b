package io.kappamesh.sales;

import io.kappamesh.testkit.ContractCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What sales declares breaks neither what it released nor what is known of its readers. */
class ContractsTest {
    @Test
    void contractsHold() {
        ContractCheck.of(SalesProducts.all()).in(Path.of("..", "schemas")).passes();
    }
}

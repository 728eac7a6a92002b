package io.kappamesh.logistics;

import io.kappamesh.testkit.ContractCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What logistics declares breaks neither what it released nor what is known of its readers. */
class ContractsTest {
    @Test
    void contractsHold() {
        ContractCheck.of(LogisticsProducts.all()).in(Path.of("..", "schemas")).passes();
    }
}

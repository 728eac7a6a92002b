package io.kappamesh.masterdata;

import io.kappamesh.testkit.ContractCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What masterdata declares breaks neither what it released nor what is known of its readers. */
class ContractsTest {
    @Test
    void contractsHold() {
        ContractCheck.of(MasterdataProducts.all()).in(Path.of("..", "schemas")).passes();
    }
}

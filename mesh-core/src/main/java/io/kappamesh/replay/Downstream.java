package io.kappamesh.replay;

import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import java.util.List;

/**
 * A product that reads what another one publishes, itself or through others.
 *
 * @param product the reader
 * @param reads the topics because of which it is named
 * @param exemptions what its topology does although its results may then not follow corrections; empty = it follows by itself
 */
public record Downstream(ProductName product, List<String> reads, List<Exemption> exemptions) {
    public Downstream {
        reads = List.copyOf(reads);
        exemptions = List.copyOf(exemptions);
    }

    /** Whether it comes to the right results by itself when what it reads is corrected. */
    public boolean follows() {
        return exemptions.isEmpty();
    }
}

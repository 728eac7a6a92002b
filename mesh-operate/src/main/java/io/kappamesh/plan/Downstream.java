package io.kappamesh.plan;

import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.GenerationRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A product that reads what another one publishes, itself or through others.
 *
 * @param product the reader
 * @param reads the topics because of which it is named
 * @param exemptions what its topology does although its results may then not follow corrections; empty = it follows by itself
 * @param reach what it sees in the ports that it reads of the product itself; empty = it reads only what others make of them
 */
public record Downstream(ProductName product, List<String> reads, List<Exemption> exemptions, Optional<Reach> reach) {
    public Downstream {
        reads = List.copyOf(reads);
        exemptions = List.copyOf(exemptions);
    }

    /** The same with what is known of the ports of the product. */
    Downstream reached(List<GenerationRecord> generations, Map<String, Long> corrections, Map<String, Long> records) {
        List<String> ports = Reach.ports(reads, generations);
        return ports.isEmpty()
                ? this
                : new Downstream(product, reads, exemptions, Optional.of(Reach.of(ports, corrections, records)));
    }

    /** Whether it comes to the right results by itself when what it reads is corrected. */
    public boolean follows() {
        return exemptions.isEmpty();
    }
}

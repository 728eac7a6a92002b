package io.kappamesh.replay;

import io.kappamesh.contract.ProductName;
import java.util.List;

/**
 * A product that reads what another one publishes, itself or through others.
 *
 * @param product the reader
 * @param reads the topics because of which it is named
 */
public record Downstream(ProductName product, List<String> reads) {
    public Downstream {
        reads = List.copyOf(reads);
    }
}

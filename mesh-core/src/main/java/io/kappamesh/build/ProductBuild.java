package io.kappamesh.build;

import io.kappamesh.contract.PortContract;
import io.kappamesh.generation.CodeRecord;
import io.kappamesh.serde.StateSerde;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;

/**
 * The build of a product that this program has, without any broker.
 *
 * @param streaming the declaration and the wiring
 * @param build its name
 * @param fingerprint of its topology: what its state depends on
 * @param code what it is made of
 */
public record ProductBuild(StreamingProduct streaming, String build, List<String> fingerprint, CodeRecord code) {
    public ProductBuild {
        fingerprint = List.copyOf(fingerprint);
    }

    /** Wires the product once more, and looks. */
    public static ProductBuild of(StreamingProduct product, Settings settings) {
        CodeFingerprint seen = CodeFingerprint.of(product, settings.streams());
        List<String> contracts = product.product().outputs().stream()
                .map(output -> contract(output.contract()))
                .sorted()
                .toList();
        return new ProductBuild(
                product,
                Build.of(product, settings),
                seen.topologyFingerprint(),
                new CodeRecord(seen.topology(), seen.classes(), contracts));
    }

    private static String contract(PortContract<?> contract) {
        return contract.address() + " as " + contract.kind() + " with "
                + contract.schema().getFullName() + ":"
                + Long.toHexString(StateSerde.fingerprint(contract.schema()))
                + contract.key().map(key -> " keyed by " + key.description()).orElse("");
    }
}

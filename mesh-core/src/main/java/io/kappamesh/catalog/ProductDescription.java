package io.kappamesh.catalog;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.Owner;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a product is, for a reader of the catalogue. An immutable value.
 *
 * @param product {@code sales.orders}
 * @param owner who answers for it
 * @param description what it offers
 * @param outputs what it publishes, in the order of declaration; all of its own domain
 * @param inputs what it reads, in the order of declaration
 * @param software what computes it
 * @param exemptions deliberate exceptions from the rules that keep a replay equal to live
 * @param violations where it is not as the policies of whoever runs it ask
 */
public record ProductDescription(
        String product,
        Owner owner,
        String description,
        List<OutputDescription> outputs,
        List<InputDescription> inputs,
        Software software,
        List<Exemption> exemptions,
        List<Breach> violations) {

    /**
     * A policy that is violated.
     *
     * @param policy its id
     * @param severity {@code warn} or {@code refuse}
     * @param message where, what is wrong, and what to do
     */
    public record Breach(String policy, String severity, String message) {
        public Breach {
            Wire.require(policy, "policy");
            Wire.require(severity, "severity");
            Wire.require(message, "message");
        }
    }

    /**
     * @param build the name of the code; null = it is not known yet
     * @param library the version of this library
     */
    public record Software(@Nullable String build, String library) {
        public Software {
            Wire.require(library, "library");
        }
    }

    public ProductDescription {
        ProductName name = ProductName.of(Wire.require(product, "product"));
        Wire.require(owner, "owner");
        Wire.require(description, "description");
        Wire.require(software, "software");
        outputs = Wire.list(outputs);
        inputs = Wire.list(inputs);
        exemptions = Wire.list(exemptions);
        violations = Wire.list(violations);
        for (OutputDescription output : outputs) {
            if (!PortAddress.of(output.address()).domain().equals(name.domain())) {
                throw new IllegalArgumentException("speaks for a port of another domain");
            }
        }
    }

    /**
     * As it is declared.
     *
     * @param build the name of the code that computes it; null = it is not known yet
     * @param library the version of this library
     * @param schemaIds of the ports whose schemas are registered
     */
    public static ProductDescription of(
            DataProduct product, @Nullable String build, String library, Map<PortAddress, Integer> schemaIds) {
        return new ProductDescription(
                product.name().toString(),
                product.owner(),
                product.description(),
                product.outputs().stream()
                        .map(port -> OutputDescription.of(port, schemaIds))
                        .toList(),
                product.inputs().stream()
                        .map(port -> InputDescription.of(port, schemaIds))
                        .toList(),
                new Software(build, library),
                product.exemptions(),
                List.of());
    }

    /** The same without the texts of schemas, which may be larger than a record. */
    ProductDescription withoutSchemas() {
        return new ProductDescription(
                product,
                owner,
                description,
                outputs.stream().map(OutputDescription::withoutSchema).toList(),
                inputs.stream().map(InputDescription::withoutSchema).toList(),
                software,
                exemptions,
                violations);
    }

    /** The same with what policies say of it. */
    public ProductDescription judged(List<Breach> violations) {
        return new ProductDescription(product, owner, description, outputs, inputs, software, exemptions, violations);
    }

    /** Its name. */
    public ProductName name() {
        return ProductName.of(product);
    }
}

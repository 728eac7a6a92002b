package io.kappamesh.console.load;

import io.kappamesh.load.PortLoaderBuilder;
import java.util.List;
import picocli.CommandLine.Option;

/** Which fields have child tables. */
final class ChildOptions {
    @Option(
            names = "--child",
            paramLabel = "FIELD",
            split = ",",
            description =
                    "A field of the contract, an array, that gets a table of its own with a row for each element: sales.orders_v1_lines for"
                            + " lines of sales.orders.v1, and the view sales.orders_lines. May be given several times. If not given: as the"
                            + " port was loaded before.")
    private List<String> children = List.of();

    @Option(names = "--no-children", description = "No field has a table of its own.")
    private boolean none;

    void addTo(PortLoaderBuilder loader) {
        if (none) {
            loader.withoutChildren();
        }
        if (!children.isEmpty()) {
            loader.child(children.toArray(String[]::new));
        }
    }
}

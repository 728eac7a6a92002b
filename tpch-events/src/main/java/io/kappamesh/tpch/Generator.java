package io.kappamesh.tpch;

import io.trino.tpch.Customer;
import io.trino.tpch.CustomerGenerator;
import io.trino.tpch.Distributions;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Nation;
import io.trino.tpch.NationGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import io.trino.tpch.Part;
import io.trino.tpch.PartGenerator;
import io.trino.tpch.Region;
import io.trino.tpch.RegionGenerator;
import io.trino.tpch.Supplier;
import io.trino.tpch.SupplierGenerator;
import io.trino.tpch.TextPool;

/**
 * The generator's own rows, all in one part, by ascending key.
 *
 * <p>Comments come from a text pool of our own: the generator's takes 300 MB and two seconds to fill, hardly anything here reads a
 * comment, and each column draws from its own random sequence, so the others do not notice. Only {@link #customersWithComments()} have
 * TPC-H's own.
 */
final class Generator {

    private static final int COMMENT_BYTES = 64 * 1024;
    private static final int TPCH_COMMENT_BYTES = 300 * 1024 * 1024;

    private final double scale;
    private final Distributions distributions = Distributions.getDefaultDistributions();
    private final TextPool comments = new TextPool(COMMENT_BYTES, distributions);

    Generator(double scale) {
        this.scale = scale;
    }

    Iterable<Order> orders() {
        return new OrderGenerator(scale, 1, 1, distributions, comments);
    }

    Iterable<LineItem> lines() {
        return new LineItemGenerator(scale, 1, 1, distributions, comments);
    }

    Iterable<Customer> customers() {
        return new CustomerGenerator(scale, 1, 1, distributions, comments);
    }

    /** The customers with the comments that TPC-H has for them. The pool is held for as long as the rows are iterated. */
    Iterable<Customer> customersWithComments() {
        return new CustomerGenerator(scale, 1, 1, distributions, new TextPool(TPCH_COMMENT_BYTES, distributions));
    }

    Iterable<Supplier> suppliers() {
        return new SupplierGenerator(scale, 1, 1, distributions, comments);
    }

    Iterable<Part> parts() {
        return new PartGenerator(scale, 1, 1, distributions, comments);
    }

    Iterable<Region> regions() {
        return new RegionGenerator(distributions, comments);
    }

    Iterable<Nation> nations() {
        return new NationGenerator(distributions, comments);
    }
}

package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import org.apache.kafka.common.errors.RetriableException;

/** What is decided about a product cannot be told: not all that was written can be read, at this moment or by this version. */
public final class UndecidedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    private final boolean unreadable;

    private UndecidedException(ProductName product, String why, boolean unreadable) {
        super("product " + product + ": what is decided about it " + why);
        this.unreadable = unreadable;
    }

    /** A transaction that is open, or a broker that is slow, holds it back. */
    static UndecidedException hidden(ProductName product, String why) {
        return new UndecidedException(product, "cannot be read to the end: " + why, false);
    }

    /** The latest record is not what this version of the library understands. */
    static UndecidedException unreadable(ProductName product, String why) {
        return new UndecidedException(
                product,
                why
                        + "; if a newer version wrote it, use that one; if not, stop the product's processes and run `recover "
                        + product + "`",
                true);
    }

    /** Whether waiting does not help. */
    public boolean isUnreadable() {
        return unreadable;
    }
}

package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import org.apache.kafka.common.errors.RetriableException;

/** The latest decision about a product is not known: the control topic cannot be read to its end now, or not by this version. */
public final class UndecidedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    private final boolean unreadable;

    private UndecidedException(ProductName product, String why, boolean unreadable) {
        super("product " + product + ": what is decided about it " + why);
        this.unreadable = unreadable;
    }

    /** An open transaction or a slow broker delays it. */
    static UndecidedException hidden(ProductName product, String why) {
        return new UndecidedException(product, "cannot be read to the end: " + why, false);
    }

    /** This version of the library cannot read the latest decision. */
    static UndecidedException unreadable(ProductName product, String why) {
        return new UndecidedException(
                product,
                why
                        + "; if a newer version wrote it, use that one; if not, stop the product's processes and run `recover "
                        + product + "`",
                true);
    }

    /** Whether this version cannot read the decision, so that waiting does not help. */
    public boolean isUnreadable() {
        return unreadable;
    }
}

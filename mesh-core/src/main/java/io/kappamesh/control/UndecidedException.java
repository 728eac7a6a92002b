package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import org.apache.kafka.common.errors.RetriableException;

/** Not all that was written about a product can be read at this moment, so that nobody can say what is decided about it. */
public final class UndecidedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    UndecidedException(ProductName product, String why) {
        super("product " + product + ": what is decided about it cannot be read to the end: " + why);
    }
}

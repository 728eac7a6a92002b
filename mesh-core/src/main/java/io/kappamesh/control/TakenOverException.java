package io.kappamesh.control;

import io.kappamesh.contract.ProductName;

/** Another writer has taken over the decisions about a product. */
public final class TakenOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TakenOverException(ProductName product, Throwable cause) {
        super(
                "product " + product + ": another command has taken over since; look at its status, and try again",
                cause);
    }
}

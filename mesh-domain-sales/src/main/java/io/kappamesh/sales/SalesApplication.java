package io.kappamesh.sales;

import io.kappamesh.application.MeshApplication;

/** Runs the sales domain: {@code java -jar mesh-domain-sales.jar --config sales.properties}. */
public final class SalesApplication {
    private SalesApplication() {}

    public static void main(String[] arguments) {
        System.exit(MeshApplication.of(SalesProducts.all()).run(arguments, System.getenv()));
    }
}

package io.kappamesh.logistics;

import io.kappamesh.application.MeshApplication;

/** Runs the logistics domain: {@code java -jar mesh-domain-logistics.jar --config logistics.properties}. */
public final class LogisticsApplication {
    private LogisticsApplication() {}

    public static void main(String[] arguments) {
        System.exit(MeshApplication.of(LogisticsProducts.all()).run(arguments, System.getenv()));
    }
}

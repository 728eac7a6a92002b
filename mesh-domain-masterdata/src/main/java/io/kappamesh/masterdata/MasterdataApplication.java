package io.kappamesh.masterdata;

import io.kappamesh.application.MeshApplication;

/** Runs the master data domain: {@code java -jar mesh-domain-masterdata.jar --config masterdata.properties}. */
public final class MasterdataApplication {
    private MasterdataApplication() {}

    public static void main(String[] arguments) {
        System.exit(MeshApplication.of(MasterdataProducts.all()).run(arguments, System.getenv()));
    }
}

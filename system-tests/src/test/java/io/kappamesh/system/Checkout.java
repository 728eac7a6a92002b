package io.kappamesh.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the modules of the domains are built. */
final class Checkout {
    private Checkout() {}

    /** The folder of the root pom, wherever below it the tests were started. */
    static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("mesh-domain-sales"))) {
                return folder;
            }
        }
        throw new IllegalStateException("run the system tests inside a checkout: no mesh-domain-sales above "
                + Path.of("").toAbsolutePath());
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Path;

/** The classes of the module whose tests run, without its tests and without other modules. */
public final class OwnClasses implements ImportOption {
    private final String classes = Path.of("target", "classes").toUri().getPath();

    @Override
    public boolean includes(Location location) {
        return location.asURI().getPath() != null && location.asURI().getPath().startsWith(classes);
    }
}

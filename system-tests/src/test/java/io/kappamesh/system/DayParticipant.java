package io.kappamesh.system;

import io.kappamesh.application.MeshApplication;
import java.util.Arrays;

/** The program of {@link DayShop}, of one of its builds: {@code BUILD COMMAND…}, the commands being those of every domain. */
final class DayParticipant {
    private DayParticipant() {}

    public static void main(String[] arguments) {
        DayShop.Build build = DayShop.Build.valueOf(arguments[0]);
        System.exit(MeshApplication.of(DayShop.products(build))
                .run(Arrays.copyOfRange(arguments, 1, arguments.length), System.getenv()));
    }
}

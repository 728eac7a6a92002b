package io.kappamesh.system;

import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.runtime.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** A process of {@link DayShop}: {@code BUILD SETTINGS run|replay}. {@code run} runs all products, {@code replay} a candidate of the first. */
final class DayParticipant {
    private DayParticipant() {}

    public static void main(String[] arguments) {
        DayShop.Build build = DayShop.Build.valueOf(arguments[0]);
        Settings settings = Settings.load(Path.of(arguments[1]), Map.of());
        try (MeshRuntime runtime = arguments[2].equals("replay")
                ? MeshRuntime.replay(settings, DayShop.items(build), OptionalInt.empty())
                : MeshRuntime.start(settings, DayShop.products(build))) {
            Runtime.getRuntime().addShutdownHook(new Thread(runtime::close));
            MeshRuntime.End end = runtime.awaitEnd();
            end.problems().forEach(System.out::println);
            Runtime.getRuntime().halt(end.code().number());
        }
    }
}

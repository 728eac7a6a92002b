package io.kappamesh.system;

import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.runtime.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A process that runs generations of {@link SoldItems}: {@code DOMAIN SETTINGS serve|replay}. */
final class Participant {
    private Participant() {}

    public static void main(String[] arguments) {
        StreamingProduct product = new SoldItems(arguments[0]).product();
        Settings settings = Settings.load(Path.of(arguments[1]), System.getenv());
        try (MeshRuntime runtime = arguments[2].equals("replay")
                ? MeshRuntime.replay(settings, product, OptionalInt.empty())
                : MeshRuntime.start(settings, List.of(product))) {
            Runtime.getRuntime().addShutdownHook(new Thread(runtime::close));
            MeshRuntime.End end = runtime.awaitEnd();
            end.problems().forEach(System.out::println);
            Runtime.getRuntime().halt(end.code().number());
        }
    }
}

package io.kappamesh.system;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A process that promotes the newest candidate of {@link SoldItems} and dies at a step: {@code DOMAIN STEP SETTINGS}. A step is its
 * number, or its first word: {@code freeze/2} is the second freeze. At 0 it does not die.
 */
final class Operator {
    static final int DIED = 137;
    static final int REFUSED = 3;

    private Operator() {}

    public static void main(String[] arguments) {
        try (Lifecycle lifecycle = Lifecycle.connect(Settings.load(Path.of(arguments[2]), Map.of()))) {
            System.out.println(lifecycle.promote(
                    new SoldItems(arguments[0]).name,
                    OptionalInt.empty(),
                    false,
                    AtStep.of(arguments[1], Operator::die)));
        } catch (LifecycleException refused) {
            System.out.println("refused: " + refused.getMessage());
            Runtime.getRuntime().halt(REFUSED);
        }
    }

    /** As a power failure would: nothing is closed, nothing is aborted. */
    private static void die() {
        Runtime.getRuntime().halt(DIED);
    }
}

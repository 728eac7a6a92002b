package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.LifecycleException;
import java.util.function.Supplier;

/** What a command says once its candidate has caught up: until then it is refused, and an operator tries again. */
final class CaughtUp {
    private CaughtUp() {}

    static <T> T then(Supplier<T> command) {
        while (true) {
            try {
                return command.get();
            } catch (LifecycleException refused) {
                assertThat(refused).hasMessageContaining("behind its inputs");
            }
        }
    }
}

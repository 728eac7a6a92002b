package io.kappamesh.runtime;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what has to be done before something works, and tells in one exception why it cannot be. */
final class StartupStep {
    private static final Logger LOG = LoggerFactory.getLogger(StartupStep.class);

    interface Steps {
        void run() throws InterruptedException;
    }

    private StartupStep() {}

    /**
     * @param what is started, for the log
     * @param gaveUp is told why it cannot be started
     */
    static void attempt(String what, Steps steps, Consumer<StartupException> gaveUp) {
        try {
            steps.run();
        } catch (InterruptedException stop) {
            LOG.info("{}: stopped before it ran", what);
        } catch (StartupException refused) {
            gaveUp.accept(refused);
        } catch (DeclarationException refused) {
            gaveUp.accept(new StartupException(ExitCode.CONFIGURATION, refused.problems()));
        } catch (ConfigException wrong) {
            LOG.error("{}: cannot start", what, wrong);
            gaveUp.accept(new StartupException(
                    ExitCode.CONFIGURATION, List.of(what + ": a setting does not hold: " + Causes.of(wrong))));
        } catch (RuntimeException | Error bug) {
            LOG.error("{}: cannot start", what, bug);
            gaveUp.accept(new StartupException(ExitCode.BUG, List.of(what + ": cannot start: " + bug)));
        }
    }
}

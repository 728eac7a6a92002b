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

/** Runs a step of a start, and reports every fault of it as one {@link StartupException}. Stateless. */
final class StartupStep {
    private static final Logger LOG = LoggerFactory.getLogger(StartupStep.class);

    interface Steps {
        void run() throws InterruptedException;
    }

    private StartupStep() {}

    /**
     * Runs the steps on this thread. An interruption ends them without a report.
     *
     * @param what is started, for the log and the messages
     * @param gaveUp is called once if the start fails
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
                    ExitCode.CONFIGURATION, List.of(what + ": a setting is invalid: " + Causes.of(wrong))));
        } catch (RuntimeException | Error bug) {
            LOG.error("{}: cannot start", what, bug);
            gaveUp.accept(new StartupException(ExitCode.BUG, List.of(what + ": cannot start: " + bug)));
        }
    }
}

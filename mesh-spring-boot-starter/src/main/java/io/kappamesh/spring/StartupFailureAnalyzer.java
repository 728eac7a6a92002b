package io.kappamesh.spring;

import io.kappamesh.Internal;
import io.kappamesh.failure.StartupException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says every problem of a product that cannot start in place of a stack trace. */
@Internal
public final class StartupFailureAnalyzer extends AbstractFailureAnalyzer<StartupException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartupException cause) {
        return new FailureAnalysis(
                "The data products cannot start (" + cause.exitCode() + "):\n  "
                        + String.join("\n  ", cause.problems()),
                "Each line says what to change.",
                cause);
    }
}

package io.kappamesh.failure;

/** Why an operation on a product's generations was not done, and what to do next. */
public final class LifecycleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public LifecycleException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public LifecycleException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** How a command ends with it. */
    public ExitCode exitCode() {
        return exitCode;
    }
}

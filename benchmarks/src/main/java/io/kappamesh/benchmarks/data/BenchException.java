package io.kappamesh.benchmarks.data;

/** A benchmark that could not be run, or an arm whose results are wrong. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchException(String message) {
        super(message);
    }
}

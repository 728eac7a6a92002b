package io.kappamesh.benchmarks;

/** A benchmark that could not be run, or an arm whose results are wrong. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}

package io.kappamesh.lint;

/** Kafka Streams is not what the rules know of it: it is of a version that they were not tested with. */
final class UnknownInternalsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownInternalsException(String message) {
        super(message);
    }
}

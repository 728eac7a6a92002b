package io.kappamesh.intake;

import java.util.function.Function;

/** What the intake makes of a decoded record: it comes in, or it is refused. */
sealed interface ValidationResult<V> {

    /** The record comes in as this value. */
    record Admitted<V>(V value) implements ValidationResult<V> {
        @Override
        public <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next) {
            return next.apply(value);
        }
    }

    /** The record stays out. */
    record Refused<V>(Rejection rejection) implements ValidationResult<V> {
        @Override
        public <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next) {
            return new Refused<>(rejection);
        }
    }

    /** Goes on to judge what came in; a refusal stands. */
    <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next);

    static <V> ValidationResult<V> refused(Reason reason, String detail) {
        return new Refused<>(new Rejection(reason, detail));
    }
}

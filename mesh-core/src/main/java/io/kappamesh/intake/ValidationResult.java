package io.kappamesh.intake;

import java.util.function.Function;

/** The result of a check: the record is admitted as a value, or rejected. */
sealed interface ValidationResult<V> {

    /** The record is admitted as this value. */
    record Admitted<V>(V value) implements ValidationResult<V> {
        @Override
        public <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next) {
            return next.apply(value);
        }
    }

    /** The record is rejected. */
    record Refused<V>(Rejection rejection) implements ValidationResult<V> {
        @Override
        public <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next) {
            return new Refused<>(rejection);
        }
    }

    /** Applies the next check to an admitted value; a rejected record stays rejected. */
    <R> ValidationResult<R> then(Function<? super V, ValidationResult<R>> next);

    static <V> ValidationResult<V> refused(Reason reason, String detail) {
        return new Refused<>(new Rejection(reason, detail));
    }
}

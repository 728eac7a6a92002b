package io.kappamesh.topology;

import java.util.function.Function;

/** What a door makes of a decoded record: it comes in, or it is refused. */
sealed interface Verdict<V> {

    /** The record comes in as this value. */
    record Admitted<V>(V value) implements Verdict<V> {
        @Override
        public <R> Verdict<R> then(Function<? super V, Verdict<R>> next) {
            return next.apply(value);
        }
    }

    /** The record stays out. */
    record Refused<V>(Refusal refusal) implements Verdict<V> {
        @Override
        public <R> Verdict<R> then(Function<? super V, Verdict<R>> next) {
            return new Refused<>(refusal);
        }
    }

    /** Goes on to judge what came in; a refusal stands. */
    <R> Verdict<R> then(Function<? super V, Verdict<R>> next);

    static <V> Verdict<V> refused(Reason reason, String detail) {
        return new Refused<>(new Refusal(reason, detail));
    }
}

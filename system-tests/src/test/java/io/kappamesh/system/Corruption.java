package io.kappamesh.system;

import io.kappamesh.intake.Reason;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/**
 * One way in which a record can be bad.
 *
 * @param name what is wrong
 * @param reason why its intake has to refuse it
 * @param share how many there are per good record
 * @param possible whether it can stand before this good record
 * @param spoiler makes the bad record
 */
record Corruption<V extends SpecificRecord>(
        String name, Reason reason, double share, Predicate<Sound<V>> possible, Spoiler<V> spoiler) {

    private static final double OFTEN = 0.01;
    private static final double SELDOM = 0.0003;

    /** What is written: a key and a value, either of which may be null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bad(byte[] key, byte[] value) {}

    @FunctionalInterface
    interface Spoiler<V extends SpecificRecord> {
        Bad spoil(Sound<V> sound, Random random);
    }

    /** One in a hundred. */
    static <V extends SpecificRecord> Corruption<V> often(String name, Reason reason, Spoiler<V> spoiler) {
        return new Corruption<>(name, reason, OFTEN, sound -> true, spoiler);
    }

    /** Three in ten thousand, for what is half a megabyte. */
    static <V extends SpecificRecord> Corruption<V> seldom(String name, Reason reason, Spoiler<V> spoiler) {
        return new Corruption<>(name, reason, SELDOM, sound -> true, spoiler);
    }

    Corruption<V> where(Predicate<Sound<V>> condition) {
        return new Corruption<>(name, reason, share, condition, spoiler);
    }
}

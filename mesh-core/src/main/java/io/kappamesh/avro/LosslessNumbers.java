package io.kappamesh.avro;

/** Promotions that Avro allows and that round: a number that would become another one is refused. */
final class LosslessNumbers {

    private static final String FLOAT = "has a number that a float does not hold exactly";
    private static final String DOUBLE = "has a number that a double does not hold exactly";

    private LosslessNumbers() {}

    static float toFloat(long number) throws MalformedException {
        float rounded = number;
        // 2^63 and above come back from a cast as the largest long.
        if ((long) rounded != number || rounded == 0x1p63f) {
            throw new MalformedException(FLOAT);
        }
        return rounded;
    }

    static double toDouble(long number) throws MalformedException {
        double rounded = number;
        if ((long) rounded != number || rounded == 0x1p63) {
            throw new MalformedException(DOUBLE);
        }
        return rounded;
    }
}

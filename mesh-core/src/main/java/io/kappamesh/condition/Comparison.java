package io.kappamesh.condition;

import java.util.Arrays;
import java.util.Optional;

/** How two values compare. */
enum Comparison {
    EQUAL("="),
    DIFFERENT("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    static Optional<Comparison> of(String sign) {
        return Arrays.stream(values()).filter(one -> one.sign.equals(sign)).findFirst();
    }

    /** @param order negative, zero or positive, as of a comparator */
    boolean holds(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case DIFFERENT -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }

    /** Whether values need no order for it. */
    boolean isEquality() {
        return this == EQUAL || this == DIFFERENT;
    }
}

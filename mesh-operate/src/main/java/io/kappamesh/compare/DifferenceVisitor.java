package io.kappamesh.compare;

import io.kappamesh.Internal;

/** Takes the differences of a port, in the order of partition and key. */
@FunctionalInterface
@Internal
public interface DifferenceVisitor {
    /** Lets them pass; the report counts them anyway. */
    DifferenceVisitor NONE = difference -> {};

    /** One key that differs, expected or not. */
    void visit(Difference difference);
}

package io.kappamesh.replay;

/** Takes the differences of a port, in the order of partition and key. */
@FunctionalInterface
interface DifferenceVisitor {
    /** Lets them pass; the report counts them anyway. */
    DifferenceVisitor NONE = difference -> {};

    /** One key that differs, expected or not. */
    void visit(Difference difference);
}

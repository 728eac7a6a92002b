package io.kappamesh.runtime;

/** What happens to the other products of a runtime when one of them cannot go on. */
public enum FailurePolicy {
    /** The product stops and is reported as {@code FAILED}; the others go on. The runtime ends when nothing is left to run. */
    STOP_PRODUCT,

    /** All products stop, in order, and the runtime ends with the reason: for a process that is started again from outside. */
    STOP_ALL
}

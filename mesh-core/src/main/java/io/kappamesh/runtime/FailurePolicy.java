package io.kappamesh.runtime;

/** What happens to the other products of a runtime when one of them cannot continue. */
public enum FailurePolicy {
    /** The product stops and is reported as {@code FAILED}; the others continue. The runtime ends when no product is left to run. */
    STOP_PRODUCT,

    /** All products stop in an orderly way, and the runtime ends with the reason. For a process that a supervisor restarts. */
    STOP_ALL
}

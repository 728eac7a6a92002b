package io.kappamesh.status;

/** Where a generation stands, over all processes that run it. */
public enum GenerationState {
    /** It has not read everything yet that was there when it was begun, or is far behind. */
    REPLAYING,
    /** It has caught up, and keeps up. */
    LIVE,
    /** A cut pauses it. */
    PAUSED,
    /** No process runs it. */
    STOPPED,
    /** It is over. */
    RETIRED
}

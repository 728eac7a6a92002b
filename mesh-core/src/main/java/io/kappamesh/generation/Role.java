package io.kappamesh.generation;

/** What a generation is for. */
public enum Role {
    /** It writes the public topics. At most one generation of a product. */
    SERVING,
    /** It writes shadow topics, and may be promoted: on its way to be the next one, or the one that served before. */
    CANDIDATE,
    /** It is over: it runs nowhere, and what it owned is deleted. Its number is never used again. */
    RETIRED
}

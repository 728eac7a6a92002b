package io.kappamesh.benchmarks.lines;

/** Topics of order lines that are loaded. */
public enum LoadedLines {
    /** A third as many lines as the others have, to warm up. */
    WARM_UP("warm-up"),
    /** Each key once. */
    NEW("lines"),
    /** A fifth of the keys a second time, with another value. */
    CHANGES("changed-lines");

    /** Of all tables. */
    public static final String SCHEMA = "bench";

    /** The table of arms by hand. */
    public static final String BY_HAND = SCHEMA + ".by_hand";

    private final String name;

    LoadedLines(String name) {
        this.name = name;
    }

    /** What an arm loads. */
    public static LoadedLines of(String program) {
        return program.endsWith("-changes") ? CHANGES : NEW;
    }

    /** The topic, which is the address of the port too. */
    public String topic() {
        return SCHEMA + "." + name + ".v1";
    }

    /** The table that {@code load} makes. */
    public String table() {
        return SCHEMA + "." + name.replace('-', '_') + "_v1";
    }
}

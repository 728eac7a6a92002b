package io.kappamesh.testkit.proof;

/** Two runs of one history ended in different tables. The message is a small example of it, and how to see it again. */
public final class ReplayDifference extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final int records;

    ReplayDifference(String message, int records) {
        super(message);
        this.records = records;
    }

    /** How many records the example has. */
    public int records() {
        return records;
    }
}

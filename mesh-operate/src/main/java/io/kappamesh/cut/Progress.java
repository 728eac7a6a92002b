package io.kappamesh.cut;

/** Is told how a long operation goes on, on the thread that called it. What it throws ends the operation. */
public interface Progress {
    /** Listens to nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void progress(long done, long total) {}
    };

    /** A step begins. The first word of what is done at it never changes from version to version. */
    void step(String what);

    /** How far the step is, in records. */
    void progress(long done, long total);
}

package io.kappamesh.benchmarks.measure;

/** Pipelines that another module has, because what they run on is not on everybody's class path; found by the service loader. */
public interface PipelineProgram {
    /** Whether it has the program of this name. */
    boolean is(String program);

    /**
     * Starts a pipeline.
     *
     * @param output the topic that it is to write
     */
    Pipeline start(String program, String output, Job job) throws Exception;
}

package io.kappamesh.benchmarks.bench;

import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.measure.Measurement;
import java.util.List;

/** A job that several arms do. */
public interface Benchmark {
    String name();

    /** What its arms do, in words. */
    String meaning();

    /** Whether it is measured in a glance, too, if nobody says what is. */
    default boolean isQuick() {
        return true;
    }

    /** Whether it runs if nobody names it. */
    default boolean always() {
        return true;
    }

    List<Arm> arms();

    List<Ratio> ratios();

    /** What is told of each arm. */
    default List<Column> columns() {
        return List.of(Column.SPEED, Column.PROCESSOR, Column.MEMORY);
    }

    /** By what an arm is compared with other forms of itself. */
    default List<Ratio.Maker> measures() {
        return List.of(Ratio::speed, Ratio::cpu);
    }

    /** What its arms need, until it is closed; to be prepared first. */
    Session open(BenchOptions options) throws Exception;

    /** Runs arms one after the other. For one thread. */
    interface Session extends AutoCloseable {
        /** Makes what all arms need. */
        default void prepare() throws Exception {}

        /**
         * Runs an arm once, in a process of its own.
         *
         * @throws BenchException when it fails, or its results are wrong
         */
        Measurement run(Arm arm) throws Exception;

        @Override
        void close();
    }
}

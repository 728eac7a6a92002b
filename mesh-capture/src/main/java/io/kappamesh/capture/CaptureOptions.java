package io.kappamesh.capture;

import io.kappamesh.brokers.WriterFaults;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.database.DatabaseAddress;
import io.kappamesh.database.TableName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a table is captured.
 *
 * @param settings of the platform
 * @param address of the port
 * @param topic that records go to
 * @param origin what is captured
 * @param pace in what transactions
 * @param again whether another snapshot is made although one is complete
 * @param meters where they are registered
 * @param steps is told of each step
 */
record CaptureOptions(
        Settings settings,
        PortAddress address,
        String topic,
        Origin origin,
        Pace pace,
        boolean again,
        MeterRegistry meters,
        Consumer<CaptureStep> steps) {

    /**
     * What is captured.
     *
     * @param database where it is
     * @param table which it is
     * @param publication that has it
     * @param takesUnlogged whether large values may be missing in changes that leave them as they were
     */
    record Origin(DatabaseAddress database, TableName table, String publication, boolean takesUnlogged) {}

    /**
     * In what transactions: each ends as soon as one of them is reached.
     *
     * @param records of a transaction
     * @param bytes of its records
     * @param interval since its first record, at the end of a transaction of the database
     * @param heartbeat how often the database is looked at, and told that it may forget its log although the table does not change
     */
    record Pace(int records, long bytes, Duration interval, Duration heartbeat) {}

    WriterFaults faults() {
        return new WriterFaults(where(), "capture");
    }

    /** Somebody has to change something. */
    LifecycleException refused(String why) {
        return new LifecycleException(ExitCode.CONTRACT, where() + why);
    }

    /** What messages begin with. */
    String where() {
        return "port " + address + ": ";
    }
}

package io.kappamesh.console.demo;

import io.kappamesh.console.sql.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the demo is to do.
 *
 * @param scale TPC-H scale factor, positive
 * @param history share of the time line that is history, from 0 to 1
 * @param liveRate live events per second, of all streams together; empty = as fast as it goes
 * @param report where to write the report as JSON
 * @param serve whether to keep everything running after the check
 * @param home where data, state and logs are kept; empty = a directory that is deleted at the end
 * @param brokerPort loopback port of the broker
 * @param registryPort loopback port of the registry
 * @param salesPort loopback port for health, metrics and status of sales
 * @param logisticsPort the same of logistics
 * @param domains where the modules of the domains are built
 * @param archive where all events are written as files, of which the history is ingested; relative paths begin at the home; empty = the history is produced
 * @param sql where the products are loaded, to be asked in SQL, which also asks for master data; empty = nowhere
 */
public record DemoOptions(
        double scale,
        double history,
        Optional<Double> liveRate,
        Optional<Path> report,
        boolean serve,
        Optional<Path> home,
        int brokerPort,
        int registryPort,
        int salesPort,
        int logisticsPort,
        Path domains,
        Optional<Path> archive,
        Optional<Sql> sql) {

    /**
     * A PostgreSQL, and the domain that nothing but SQL asks for.
     *
     * @param port loopback port of the one that the demo starts
     * @param own one that runs already, in place of it; empty = there is none
     * @param masterdataPort loopback port for health, metrics and status of masterdata
     */
    public record Sql(int port, Optional<Database> own, int masterdataPort) {}

    /** The domains that run; master data only for SQL, because no other domain reads them. */
    List<String> runningDomains() {
        return sql.isPresent() ? List.of("sales", "logistics", "masterdata") : List.of("sales", "logistics");
    }

    /** What is wrong with them, one sentence each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!(scale >= 0.001 && scale <= 10)) {
            problems.add("--scale must be from 0.001 to 10 but was " + scale);
        }
        if (!(history >= 0 && history <= 1)) {
            problems.add("--history must be from 0 to 1 but was " + history);
        }
        liveRate.filter(rate -> !(rate > 0))
                .ifPresent(rate -> problems.add("--live-rate must be positive but was " + rate));
        return problems;
    }
}

package io.kappamesh.database;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Which faults of the database pass, and what to do about the others. Stateless. */
public final class DatabaseFaults {
    private static final int CLASS_LENGTH = 2;

    /** Connection exceptions; transactions rolled back; too few resources; the server stops, or is being mended. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

    /** An object is in use, which is a slot that its last reader has not left yet; a lock is held by somebody else. */
    private static final Set<String> PASSING_TOO = Set.of("55006", "55P03");

    private DatabaseFaults() {}

    /** What is waited for, in words; empty = it is no fault of the database, or waiting does not help. */
    public static Optional<String> waitedFor(Throwable fault) {
        Optional<SQLException> found = in(fault);
        if (found.isPresent()) {
            String state = state(found.get());
            boolean passes = PASSING_TOO.contains(state)
                    || (state.length() > CLASS_LENGTH && PASSING.contains(state.substring(0, CLASS_LENGTH)))
                    || Causes.chain(found.get()).anyMatch(IOException.class::isInstance);
            return passes ? Optional.of("PostgreSQL: " + words(found.get())) : Optional.empty();
        }
        return Causes.chain(fault).anyMatch(IOException.class::isInstance)
                ? Optional.of("PostgreSQL: " + Causes.of(fault))
                : Optional.empty();
    }

    /** Whether the database itself says what is wrong. */
    public static boolean isExplained(Throwable fault) {
        return in(fault).isPresent();
    }

    /** Why it cannot go on, and what to do. */
    public static LifecycleException ending(String where, DatabaseAddress database, Throwable fault) {
        Optional<SQLException> found = in(fault);
        String remedy = switch (found.map(DatabaseFaults::state).orElse("")) {
            case "28P01", "28000" -> "check role and password, and pg_hba.conf of the server";
            case "3D000" -> "name a database that exists";
            case "42501" -> "grant the role what docs/capture.md lists";
            case "25006" -> "the role must be able to write into the log: switch default_transaction_read_only off";
            default -> "see PostgreSQL's log, and start the capture again: it goes on where it was committed";
        };
        return new LifecycleException(
                ExitCode.CONFIGURATION,
                where + database + ": " + found.map(DatabaseFaults::words).orElseGet(() -> Causes.of(fault)) + "; "
                        + remedy,
                fault);
    }

    private static Optional<SQLException> in(Throwable fault) {
        return Causes.chain(fault)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }

    private static String state(SQLException fault) {
        String state = fault.getSQLState();
        return state == null ? "" : state;
    }

    /** Without PostgreSQL's details, which show values. */
    private static String words(SQLException fault) {
        ServerErrorMessage server = fault instanceof PSQLException known ? known.getServerErrorMessage() : null;
        return server == null || server.getMessage() == null
                ? Causes.of(fault)
                : server.getMessage() + " (SQLSTATE " + state(fault) + ")";
    }
}

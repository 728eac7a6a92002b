package io.kappamesh.postgres;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What faults of PostgreSQL mean, by their SQLSTATE. Stateless. */
public final class DatabaseFault {
    /** Connection exceptions; transactions rolled back by the server; too few resources; the server stops or is being mended. */
    private static final Set<String> WAITED_FOR = Set.of("08", "40", "53", "57", "58");

    private static final Set<String> WAITED_FOR_ALSO = Set.of(
            "55P03", // a lock is held by somebody else
            "25P02", // the transaction is broken, by what was reported before
            "25P03", // a transaction that did nothing for too long
            "25P04", // a transaction that took too long
            "25006", // the server became a standby
            "55006"); // an object is in use

    /** Values and limits: what is wrong is in one of the records. */
    private static final Set<String> DATA = Set.of("22", "54");

    /** What {@code COPY} was sent is no row of the table: not the record is wrong, but what was made of it. */
    private static final String NO_ROW = "22P04";

    /** In whatever language PostgreSQL says it. */
    private static final Pattern COPIED_LINE = Pattern.compile("COPY mesh_stage\\D{1,20}(\\d{1,9})");

    private DatabaseFault() {}

    /** The fault of PostgreSQL that is behind an exception. */
    public static Optional<SQLException> in(Throwable fault) {
        return Causes.chain(fault)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }

    /** Whether it goes away without anybody changing what is configured. */
    public static boolean isWaitedFor(SQLException fault) {
        String state = state(fault);
        return WAITED_FOR_ALSO.contains(state)
                || (state.length() == 5 && WAITED_FOR.contains(state.substring(0, 2)))
                || (state.isEmpty() && Causes.chain(fault).anyMatch(IOException.class::isInstance));
    }

    /** Whether a record is to blame. */
    static boolean isOfData(SQLException fault) {
        String state = state(fault);
        return state.length() == 5 && DATA.contains(state.substring(0, 2)) && !state.equals(NO_ROW);
    }

    /** The line of {@code COPY} that is refused, from 1; 0 = PostgreSQL does not say. */
    static int copiedLine(SQLException fault) {
        ServerErrorMessage server = fault instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String where = server == null ? null : server.getWhere();
        Matcher line = COPIED_LINE.matcher(where == null ? "" : where);
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }

    /** The SQLSTATE; empty = there is none. */
    static String state(SQLException fault) {
        String state = fault.getSQLState();
        return state == null ? "" : state;
    }

    /** A fault in words, without values of records: PostgreSQL's details show them. */
    public static String words(SQLException fault) {
        ServerErrorMessage server = fault instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (server == null || server.getMessage() == null) {
            return Causes.of(fault);
        }
        return server.getMessage() + " (SQLSTATE " + state(fault) + ")";
    }

    /**
     * Why something cannot be done until somebody changes something, and what.
     *
     * @param where what was to be done
     * @param reload what builds the table again
     */
    public static LifecycleException explained(String where, Target target, String reload, SQLException fault) {
        String principal = target.principal().map(user -> "role " + user).orElse("the role that connects");
        String state = state(fault);
        String remedy = switch (state) {
            case "42P01" -> "a table that was loaded is gone; `" + reload + "` builds it again from the topic";
            case "42703" -> "a column that was loaded is gone; `" + reload + "` builds the table again";
            case "3F000" ->
                "create the schema (CREATE SCHEMA " + target.schema() + ") or name another one with --schema";
            case "42501" ->
                "grant " + principal + " CREATE and USAGE on schema " + target.schema()
                        + ", TEMPORARY on the database, and SELECT, INSERT, UPDATE and DELETE on its tables;"
                        + " columns are added by the owner of a table only";
            case "28P01", "28000" -> "check user and password, and pg_hba.conf of the server";
            case "3D000" -> "create the database, or name another one in --jdbc";
            case "42P16", "42809" ->
                "the view of the port cannot be replaced; drop it, and start again: it is made anew";
            case "2BP01" -> "drop or change what depends on the table, such as views of your own";
            case "42P07" -> "another object has this name; rename it";
            default ->
                state.startsWith("23")
                        ? "a constraint that is not the loader's refuses a row; drop the constraint"
                        : "see PostgreSQL's log";
        };
        ExitCode code = state.startsWith("42P01") || state.startsWith("23") || state.equals("42703")
                ? ExitCode.CONTRACT
                : ExitCode.CONFIGURATION;
        return new LifecycleException(code, where + ": " + target.shown() + ": " + words(fault) + "; " + remedy, fault);
    }
}

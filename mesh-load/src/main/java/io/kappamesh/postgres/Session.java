package io.kappamesh.postgres;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** A connection to PostgreSQL, with the settings that loading relies on. Transactions are begun and ended by whoever uses it. One thread at a time. */
public final class Session implements AutoCloseable {
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(30);

    private static final Duration FOR_LOCKS = Duration.ofSeconds(10);
    private static final Duration FOR_FURTHER_LOCKS = Duration.ofMillis(400);
    private static final int SECONDS_TO_CONNECT = 10;
    private static final int LEAST_VERSION = 140_000;
    private static final String PREFIX = "jdbc:postgresql:";

    private final Connection connection;
    private final Target target;

    private Session(Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
    }

    /** Connects; a transaction may do nothing for half a minute. */
    public static Session open(Target target, String application) throws SQLException {
        return open(target, application, IDLE_IN_TRANSACTION);
    }

    /**
     * Connects.
     *
     * @param idle for how long a transaction may do nothing before PostgreSQL ends it: one that is paused must not hold its locks
     * @throws LifecycleException if it is no PostgreSQL that can be used, or the address is none
     */
    public static Session open(Target target, String application, Duration idle) throws SQLException {
        if (!target.url().startsWith(PREFIX)) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "--jdbc: expected an address of PostgreSQL, such as jdbc:postgresql://localhost:5432/analytics");
        }
        Properties properties = new Properties();
        Optional.ofNullable(target.user()).ifPresent(user -> properties.setProperty("user", user));
        Optional.ofNullable(target.password()).ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", application);
        properties.setProperty("connectTimeout", Integer.toString(SECONDS_TO_CONNECT));
        properties.setProperty("tcpKeepAlive", "true");
        // A network that swallows everything looks like a slow statement; this is when it does not any more.
        properties.setProperty(
                "socketTimeout",
                Long.toString(
                        target.statementTimeout().plus(IDLE_IN_TRANSACTION).toSeconds()));
        Connection connection = DriverManager.getConnection(target.url(), properties);
        try {
            Session session = new Session(connection, target);
            session.prepare(idle);
            return session;
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private void prepare(Duration idle) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET client_min_messages = warning;"
                    + " SET extra_float_digits = 1; SET bytea_output = 'hex'; SET lock_timeout = "
                    + forLocks().toMillis()
                    + "; SET statement_timeout = " + target.statementTimeout().toMillis()
                    + "; SET idle_in_transaction_session_timeout = " + idle.toMillis());
            try (ResultSet answer = statement.executeQuery(
                    "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")) {
                answer.next();
                if (answer.getInt(1) < LEAST_VERSION) {
                    throw new LifecycleException(
                            ExitCode.CONFIGURATION,
                            target.shown() + ": PostgreSQL 14 or newer is needed, and this is "
                                    + answer.getInt(1) / 10_000);
                }
                if (!"UTF8".equals(answer.getString(2))) {
                    throw new LifecycleException(
                            ExitCode.CONFIGURATION,
                            target.shown() + ": the database's encoding must be UTF8 and is " + answer.getString(2)
                                    + "; create one with ENCODING 'UTF8' TEMPLATE template0");
                }
            }
        }
        connection.setAutoCommit(false);
    }

    /** A lock is given up before the statement that waits for it is: the message says then what it waited for. */
    private Duration forLocks() {
        Duration half = target.statementTimeout().dividedBy(2);
        return half.compareTo(FOR_LOCKS) < 0 ? half : FOR_LOCKS;
    }

    public Connection connection() {
        return connection;
    }

    public Target target() {
        return target;
    }

    /** Lets PostgreSQL know that somebody is there, amid a transaction that waits. */
    public void touch() throws SQLException {
        run("SELECT 1");
    }

    /** Statements without results. */
    public void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Waits until nobody uses some tables and views, and lets nobody begin until the transaction ends; those that are not there are passed over. Where one is held, the next is
     * waited for shortly only: a reader that has the next one and waits for the first would be ended by PostgreSQL, which looks for deadlocks after a second. A view is held
     * together with its table, and that table is not waited for shortly if the view comes first: who has read the table without the view, and then reads the view, may be ended.
     *
     * <p>What maintains tables is waited for before, when no reader has to wait: PostgreSQL ends an autovacuum that somebody has waited for, but only after that second.
     *
     * @throws SQLException with the state of a lock that somebody has; the same may be tried again after a rollback
     */
    public void hold(List<String> relations) throws SQLException {
        List<String> there = new ArrayList<>();
        for (String relation : relations) {
            if (exists(relation)) {
                there.add(target.relation(relation));
            }
        }
        if (there.isEmpty()) {
            return;
        }
        run("LOCK TABLE " + String.join(", ", there) + " IN SHARE UPDATE EXCLUSIVE MODE");
        for (String relation : there) {
            run(
                    "LOCK TABLE " + relation + " IN ACCESS EXCLUSIVE MODE",
                    "SET LOCAL lock_timeout = " + FOR_FURTHER_LOCKS.toMillis());
        }
        run("SET LOCAL lock_timeout = " + forLocks().toMillis());
    }

    public void commit() throws SQLException {
        connection.commit();
    }

    /** Ends a transaction without effect; nothing that goes wrong with it matters. */
    public void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            // The server rolls back what nobody commits.
        }
    }

    /** Whether there is a relation of this name in the schema. */
    public boolean exists(String relation) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, target.relation(relation));
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException gone) {
            // It is closed, then.
        }
    }
}

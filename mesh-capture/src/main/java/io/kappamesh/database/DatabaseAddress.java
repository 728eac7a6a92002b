package io.kappamesh.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where the database is, and who connects. Immutable and thread-safe.
 *
 * @param url {@code jdbc:postgresql://host:port/database}; may hold a password, and is never shown with it
 * @param user empty = as the URL says
 * @param password empty = as the URL or {@code .pgpass} says
 */
public record DatabaseAddress(String url, Optional<String> user, Optional<String> password) {
    private static final Set<String> OWN = Set.of(
            PGProperty.PG_HOST.getName(),
            PGProperty.PG_PORT.getName(),
            PGProperty.PG_DBNAME.getName(),
            PGProperty.USER.getName(),
            PGProperty.PASSWORD.getName());
    private static final String CONNECT_SECONDS = "10";
    private static final String SOCKET_SECONDS = "60";

    /** What is wrong with it. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (parsed() == null) {
            problems.add("the address of the database must be jdbc:postgresql://HOST:PORT/DATABASE");
            return problems;
        }
        if (host().contains(",")) {
            problems.add("the address of the database names several servers; name the one that is written to");
        }
        if (role().isEmpty()) {
            problems.add("no role is named that connects; name it with --user, PGUSER or user(…)");
        }
        return problems;
    }

    private @Nullable Properties parsed() {
        return Driver.parseURL(url, new Properties());
    }

    private String part(PGProperty property) {
        Properties parsed = parsed();
        String found = parsed == null ? null : parsed.getProperty(property.getName());
        return found == null ? "" : found;
    }

    /** The server's name. */
    public String host() {
        return part(PGProperty.PG_HOST);
    }

    /** Its port. */
    public String port() {
        return part(PGProperty.PG_PORT);
    }

    /** The database's name. */
    public String database() {
        return part(PGProperty.PG_DBNAME);
    }

    /** The role that connects; empty = none is named. */
    public String role() {
        return user.orElseGet(() -> part(PGProperty.USER));
    }

    /** Its password; empty = none is given here. */
    public Optional<String> secret() {
        return password.or(() -> Optional.of(part(PGProperty.PASSWORD)).filter(one -> !one.isEmpty()));
    }

    /** What else the URL says for PostgreSQL's driver. */
    public Map<String, String> parameters() {
        Map<String, String> more = new TreeMap<>();
        Properties parsed = parsed();
        if (parsed != null) {
            parsed.stringPropertyNames().stream()
                    .filter(name -> !OWN.contains(name))
                    .forEach(name -> more.put(name, parsed.getProperty(name)));
        }
        return more;
    }

    /** A connection that commits each statement. */
    public Connection connect(String application) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(PGProperty.USER.getName(), role());
        secret().ifPresent(one -> properties.setProperty(PGProperty.PASSWORD.getName(), one));
        properties.setProperty(PGProperty.APPLICATION_NAME.getName(), application);
        properties.setProperty(PGProperty.CONNECT_TIMEOUT.getName(), CONNECT_SECONDS);
        properties.setProperty(PGProperty.SOCKET_TIMEOUT.getName(), SOCKET_SECONDS);
        return DriverManager.getConnection(url, properties);
    }

    /** Without anything that could be a secret. */
    @Override
    public String toString() {
        return "postgresql://" + host() + ":" + port() + "/" + database();
    }
}

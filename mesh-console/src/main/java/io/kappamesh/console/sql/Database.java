package io.kappamesh.console.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * A database of PostgreSQL.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with any parameters of the driver
 * @param user the role that connects; empty = what the address or the driver says
 * @param password of the role; empty = what the address or {@code .pgpass} says
 */
public record Database(String url, Optional<String> user, Optional<String> password) {
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        user.ifPresent(role -> properties.setProperty("user", role));
        password.ifPresent(secret -> properties.setProperty("password", secret));
        return DriverManager.getConnection(url, properties);
    }

    /** Without the password, and without the address's parameters, which may hold one. */
    @Override
    public String toString() {
        return url.replaceAll("\\?.*", "");
    }
}

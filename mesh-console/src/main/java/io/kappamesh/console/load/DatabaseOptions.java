package io.kappamesh.console.load;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which port, and which database. */
final class DatabaseOptions {
    private static final String USER_VARIABLE = "PGUSER";
    private static final String PASSWORD_VARIABLE = "PGPASSWORD";

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PORT", description = "Its address, such as sales.orders.v1.")
    private String port = "";

    @Option(
            names = "--jdbc",
            required = true,
            paramLabel = "URL",
            description =
                    "The database: jdbc:postgresql://HOST:PORT/DATABASE, with any parameters of PostgreSQL's driver.")
    private String jdbc = "";

    @Option(
            names = "--user",
            paramLabel = "ROLE",
            description =
                    "The role that connects. If not given: PGUSER of the environment, or what the address says. Its password is in"
                            + " PGPASSWORD or in .pgpass.")
    private @Nullable String user;

    @Option(
            names = "--schema",
            paramLabel = "NAME",
            description = "The schema of tables, views and positions. If not given: the port's domain.")
    private @Nullable String schema;

    String port() {
        return port;
    }

    PortLoaderBuilder loader(Shell shell) {
        PortLoaderBuilder loader =
                PortLoader.builder(connection.settings(shell), port).jdbc(jdbc);
        String role = user == null ? shell.environment().get(USER_VARIABLE) : user;
        if (role != null) {
            loader.user(role);
        }
        String password = shell.environment().get(PASSWORD_VARIABLE);
        if (password != null) {
            loader.password(password);
        }
        if (schema != null) {
            loader.schema(schema);
        }
        return loader;
    }
}

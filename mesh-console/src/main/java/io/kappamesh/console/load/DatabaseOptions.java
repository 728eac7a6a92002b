package io.kappamesh.console.load;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.console.work.PostgresOptions;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which port, and which database. */
final class DatabaseOptions {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final PostgresOptions database = new PostgresOptions();

    @Parameters(paramLabel = "PORT", description = "Its address, such as sales.orders.v1.")
    private String port = "";

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
                PortLoader.builder(connection.settings(shell), port).jdbc(database.jdbc());
        database.credentials(shell, loader::user, loader::password);
        if (schema != null) {
            loader.schema(schema);
        }
        return loader;
    }
}

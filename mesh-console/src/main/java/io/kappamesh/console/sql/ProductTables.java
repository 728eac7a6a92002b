package io.kappamesh.console.sql;

import io.kappamesh.cut.Progress;
import io.kappamesh.load.LoadVerification;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import io.kappamesh.settings.Settings;

/** Published ports as tables of a database: {@code sales.orders.v1} is {@code sales.orders}. Used by one thread. */
public final class ProductTables {
    private final Settings settings;
    private final Database database;

    /**
     * Loads nothing yet.
     *
     * @param settings brokers, registry, and a directory for what a comparison puts aside
     */
    public ProductTables(Settings settings, Database database) {
        this.settings = settings;
        this.database = database;
    }

    /** Loads all that is committed in a port by now, and compares its table with it, key by key. */
    public LoadVerification load(String port) {
        try (PortLoader loader = builder(port).build()) {
            loader.loadToEnd();
        }
        return builder(port).verify(Progress.SILENT);
    }

    /** Keeps the table of a port as the port is, until it is closed. */
    public PortLoader follow(String port) {
        return builder(port).start();
    }

    /** Asks the tables. */
    public SqlAnswers answers() {
        return new SqlAnswers(database);
    }

    private PortLoaderBuilder builder(String port) {
        PortLoaderBuilder builder = PortLoader.builder(settings, port).jdbc(database.url());
        database.user().ifPresent(builder::user);
        database.password().ifPresent(builder::password);
        return builder;
    }
}

package io.kappamesh.load;

import io.kappamesh.columns.Identifiers;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.PortContract;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Position;
import io.kappamesh.postgres.Session;
import io.kappamesh.postgres.TableDefinitions;
import io.kappamesh.registry.SchemaRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TopicDescription;

/** Sees that a port has its table, its view and its positions: makes them together, the first time. One thread at a time. */
final class FirstLoad {
    private final LoadOptions options;
    private final Session session;
    private final SourceTopic topic;
    private final SchemaRegistry registry;

    FirstLoad(LoadOptions options, Session session, SourceTopic topic, SchemaRegistry registry) {
        this.options = options;
        this.session = session;
        this.topic = topic;
        this.registry = registry;
    }

    void prepare() throws SQLException, ExecutionException, InterruptedException {
        LoadStates states = new LoadStates(session);
        TableDefinitions tables = new TableDefinitions(session);
        states.create();
        Optional<LoadState> known = states.read(options.name());
        session.commit();
        if (known.isPresent()) {
            requireTable(known.get(), tables);
            return;
        }
        TopicDescription description = topic.description();
        PortContract contract = PortContract.read(options.address(), registry, List.of());
        if (!contract.columns().changed().isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": "
                            + String.join("; ", contract.columns().changed()));
        }
        LoadState first = new LoadState(
                options.name(),
                options.table(),
                Optional.empty(),
                description.topicId().toString(),
                contract.columns().newest().toString(),
                contract.columns().columns(),
                states.now(),
                Position.allAt(topic.beginnings()));
        session.run("SELECT pg_advisory_xact_lock(hashtextextended('kappa-mesh:' || "
                + Identifiers.literal(options.target().schema()) + ", 0))");
        if (states.read(options.name()).isEmpty()) {
            if (tables.exists(options.table())) {
                throw new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "port " + options.address() + ": " + options.target().shown() + ": "
                                + options.target().relation(options.table())
                                + " is there, and no loader has made it; rename or drop it, or name another schema with"
                                + " --schema");
            }
            tables.create(options.table(), options.address().toString(), contract.columns());
            states.add(first);
            show(states, tables, contract);
        }
        session.commit();
    }

    private void requireTable(LoadState known, TableDefinitions tables) throws SQLException {
        if (!tables.exists(known.table())) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": " + options.target().shown() + ": table "
                            + options.target().relation(known.table())
                            + " was loaded, and is gone or hidden; `" + options.reload()
                            + "` builds it again from the topic");
        }
        if (options.view().isPresent()
                && options.view().get().takesOver()
                && !options.view().map(LoadOptions.View::name).equals(known.view())) {
            LoadStates states = new LoadStates(session);
            states.giveView(options.view().get().name(), options.name());
            tables.takeView(options.view().get().name(), known.table(), known.columns());
            session.commit();
        }
    }

    /** A view that shows another port stays with it, unless it is to be taken over. */
    private void show(LoadStates states, TableDefinitions tables, PortContract contract) throws SQLException {
        if (options.view().isEmpty()) {
            return;
        }
        String view = options.view().get().name();
        boolean taken = states.hasView(view);
        if (taken && !options.view().get().takesOver()) {
            return;
        }
        if (taken) {
            tables.takeView(view, options.table(), contract.columns().columns());
        } else {
            tables.show(view, options.table(), contract.columns().columns());
        }
        states.giveView(view, options.name());
    }
}

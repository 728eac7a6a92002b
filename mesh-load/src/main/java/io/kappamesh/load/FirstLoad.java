package io.kappamesh.load;

import io.kappamesh.columns.Child;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.PortContract;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.Position;
import io.kappamesh.postgres.Session;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.relations.PortViews;
import io.kappamesh.relations.TableDefinitions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that a port has its table, its view and its positions: makes them together, the first time. One thread at a time. */
final class FirstLoad {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLoad.class);

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

    /** @param again whether this loader has done so before: then it goes on also with other child tables, which a reload has given the port meanwhile */
    void prepare(boolean again) throws SQLException, ExecutionException, InterruptedException {
        LoadStates states = new LoadStates(session);
        TableDefinitions tables = new TableDefinitions(session);
        states.create();
        Optional<LoadState> known = states.read(options.name());
        session.commit();
        if (known.isPresent()) {
            requireTable(known.get(), tables, again);
            return;
        }
        TopicDescription description = topic.description();
        PortContract contract = PortContract.read(
                options.address(),
                registry,
                List.of(),
                Child.fresh(options.children().orElse(List.of())));
        if (!contract.columns().changed().isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": "
                            + String.join("; ", contract.columns().changed())
                            + (contract.columns().children().isEmpty()
                                    ? ""
                                    : "; name other fields with --child, or none of them with --no-children"));
        }
        LoadState first = new LoadState(
                options.name(),
                options.table(),
                Optional.empty(),
                description.topicId().toString(),
                contract.columns().newest().toString(),
                contract.columns().columns(),
                LoadedChild.of(
                        options.table(), Optional.empty(), contract.columns().declared(), List.of()),
                states.now(),
                Position.allAt(topic.beginnings()));
        session.run("SELECT pg_advisory_xact_lock(hashtextextended('kappa-mesh:' || "
                + Identifiers.literal(options.target().schema()) + ", 0))");
        if (states.read(options.name()).isEmpty()) {
            tables.requireFree(first, "port " + options.address());
            tables.create(first, options.address().toString(), contract.columns());
            states.add(first);
            if (options.view().isPresent()) {
                LoadOptions.View view = options.view().get();
                new PortViews(session).show(first, view.name(), view.takesOver());
            }
        }
        session.commit();
    }

    private void requireTable(LoadState known, TableDefinitions tables, boolean again) throws SQLException {
        tables.requireThere(known, "port " + options.address(), options.reload());
        Optional<String> contradiction = options.children()
                .contradicts(
                        options.target().relation(known.table()),
                        known.children().stream().map(LoadedChild::field).toList(),
                        options.reload());
        if (contradiction.isPresent() && again) {
            LOG.warn(
                    "port {}: goes on with the child tables that there are: {}",
                    options.address(),
                    contradiction.get());
        } else if (contradiction.isPresent()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION, "port " + options.address() + ": " + contradiction.get());
        }
        // Once: somebody else may have taken it since, and means it.
        if (!again
                && options.view().isPresent()
                && options.view().get().takesOver()
                && !options.view().map(LoadOptions.View::name).equals(known.view())) {
            new PortViews(session).show(known, options.view().get().name(), true);
            session.commit();
        }
    }
}

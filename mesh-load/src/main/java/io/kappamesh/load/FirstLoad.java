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
import java.util.ArrayList;
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
                                    : "; name fields that are arrays of records or of values with --child, or none"));
        }
        LoadState first = new LoadState(
                options.name(),
                options.table(),
                Optional.empty(),
                description.topicId().toString(),
                contract.columns().newest().toString(),
                contract.columns().columns(),
                LoadedChild.of(
                        options.table(), Optional.empty(), contract.columns().declared()),
                states.now(),
                Position.allAt(topic.beginnings()));
        session.run("SELECT pg_advisory_xact_lock(hashtextextended('kappa-mesh:' || "
                + Identifiers.literal(options.target().schema()) + ", 0))");
        if (states.read(options.name()).isEmpty()) {
            List<String> there = tables.existing(first);
            if (!there.isEmpty()) {
                throw new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "port " + options.address() + ": " + options.target().shown() + ": "
                                + options.target().relations(there)
                                + (there.size() == 1 ? " is" : " are")
                                + " there, and no loader has made it; rename or drop it, or name another schema with"
                                + " --schema");
            }
            tables.create(first, options.address().toString(), contract.columns());
            states.add(first);
            if (options.view().isPresent()) {
                LoadOptions.View view = options.view().get();
                new PortViews(session).show(first, view.name(), view.takesOver());
            }
        }
        session.commit();
    }

    private void requireTable(LoadState known, TableDefinitions tables) throws SQLException {
        List<String> all = new ArrayList<>(List.of(known.table()));
        known.children().forEach(child -> all.add(child.table()));
        all.removeAll(tables.existing(known));
        if (!all.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    "port " + options.address() + ": " + options.target().shown() + ": table "
                            + options.target().relations(all)
                            + " was loaded, and is gone or hidden; `" + options.reload()
                            + "` builds it again from the topic");
        }
        Optional<String> contradiction = options.children()
                .contradicts(
                        options.target().relation(known.table()),
                        known.children().stream().map(LoadedChild::field).toList(),
                        options.reload());
        if (contradiction.isPresent()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION, "port " + options.address() + ": " + contradiction.get());
        }
        if (options.view().isPresent()
                && options.view().get().takesOver()
                && !options.view().map(LoadOptions.View::name).equals(known.view())) {
            new PortViews(session).show(known, options.view().get().name(), true);
            session.commit();
        }
    }
}

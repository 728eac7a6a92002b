package io.kappamesh.load;

import io.kappamesh.columns.TableColumns;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.feed.SourceTopic;
import io.kappamesh.postgres.DatabaseFault;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Session;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.rows.ElementRows;
import io.kappamesh.rows.TableRows;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.status.Attempt;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;

/**
 * Compares a table with its topic, key by key, at the positions that stand beside the table. Both may go on meanwhile: the table is read in one
 * transaction, the topic up to the positions. Rows are read in another way than they were written. One thread.
 */
final class LoadVerifier {
    private final LoadOptions options;

    private record RecordPosition(int partition, long offset) {}

    LoadVerifier(LoadOptions options) {
        this.options = options;
    }

    /** @throws LifecycleException when it cannot be done, with what to do next */
    LoadVerification verify(Progress progress) {
        String where = "port " + options.address() + ": comparing its table";
        return Attempt.at(where, () -> {
            try (Session session = Session.open(options.target(), "mesh verify-load " + options.name());
                    SourceTopic topic = new SourceTopic(options.settings(), options.address(), options.reload());
                    SchemaRegistry registry =
                            SchemaRegistry.connect(options.settings().registry())) {
                return verify(session, topic, registry, progress);
            } catch (SQLException | LoadComparison.DatabaseFailedException failed) {
                SQLException cause = DatabaseFault.in(failed).orElseThrow();
                throw DatabaseFault.isWaitedFor(cause)
                        ? new LifecycleException(
                                ExitCode.PLATFORM,
                                where + ": PostgreSQL: " + DatabaseFault.words(cause) + "; run the same again",
                                failed)
                        : DatabaseFault.explained(where, options.target(), options.reload(), cause);
            }
        });
    }

    private LoadVerification verify(Session session, SourceTopic topic, SchemaRegistry registry, Progress progress)
            throws SQLException, ExecutionException, InterruptedException {
        session.connection().setReadOnly(true);
        session.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        // Nothing is sent for as long as the topic is read.
        session.run("SET LOCAL idle_in_transaction_session_timeout = 0");
        LoadStates states = new LoadStates(session);
        Optional<LoadState> found = states.isThere() ? states.read(options.name()) : Optional.empty();
        LoadState loaded = found.orElseThrow(() -> new LifecycleException(
                ExitCode.CONFIGURATION,
                "port " + options.address() + ": " + options.target() + ": was never loaded there; `mesh load "
                        + options.address() + "` does so"));
        topic.requireSame(loaded, topic.description());
        TableColumns columns = TableColumns.of(
                List.of(new Schema.Parser().parse(loaded.schema())), loaded.columns(), loaded.declared());
        AvroDecoder<Object> decoder = new AvroDecoder<>(columns.readType(), registry);
        List<RecordPosition> keyless = new ArrayList<>();
        try (LatestRecords latest = LatestRecords.open(
                        options.settings().stateDir().resolve("verify-load"),
                        options.settings().client(),
                        (topicName, partition, offset) -> keyless.add(new RecordPosition(partition, offset)));
                TableRows rows = TableRows.of(session, loaded.table(), columns)) {
            progress.step("Reading " + options.address() + " up to where it was loaded");
            latest.read(options.address().topic(), loaded.offsets(), progress::progress);
            latest.readLater(options.address().topic(), (done, target) -> {});
            // After it was read: what is deleted from the topic while it is read is a row without a record, too.
            Map<Integer, Long> beginnings = topic.beginnings();
            progress.step("Comparing it with " + options.target().relation(loaded.table()));
            List<ElementRows> elements = ElementRows.of(session, loaded, columns);
            LoadComparison comparison =
                    new LoadComparison(options, loaded, columns, decoder, latest, rows, elements, states, beginnings);
            for (RecordPosition record : keyless) {
                comparison.withoutKey(record.partition(), record.offset());
            }
            latest.forEachPair(options.address().topic(), options.address().topic(), KeyScope.ALL, comparison);
            return comparison.finished();
        } finally {
            session.rollBack();
        }
    }
}

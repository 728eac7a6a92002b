package io.kappamesh.postgres;

import io.kappamesh.columns.Column;
import io.kappamesh.columns.TableColumns;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes batches into a table: rows to a staging table by {@code COPY}, from there into the table by two statements; elements that have
 * tables of their own alike; and the positions, all in one transaction. A writer belongs to a session. One thread at a time.
 */
public final class BatchWriter {
    static final String STAGE = "pg_temp.mesh_stage";
    private static final String DELETED = "mesh_deleted";

    private final Session session;
    private final LoadStates states;
    private final Claim claim;
    private final Consumer<WriteStep> steps;
    private final String copy;
    private final String delete;
    private final String upsert;
    private final String deleteOne;
    private final List<ElementWriter> elements = new ArrayList<>();
    private boolean held;
    private boolean staged;
    private Written open = Written.NOTHING;

    /**
     * What was done to a table.
     *
     * @param upserted rows that were inserted or updated
     * @param deleted rows that were deleted
     * @param refused records that went to the dead letters
     */
    public record Written(long upserted, long deleted, long refused) {
        static final Written NOTHING = new Written(0, 0, 0);

        Written plus(Written more) {
            return new Written(upserted + more.upserted, deleted + more.deleted, refused + more.refused);
        }
    }

    /**
     * Makes the staging tables, and commits.
     *
     * @param loaded its tables
     * @param steps is told what is done, and may throw in its place
     */
    public BatchWriter(Session session, Claim claim, LoadState loaded, Consumer<WriteStep> steps) throws SQLException {
        this.session = session;
        this.states = new LoadStates(session);
        this.claim = claim;
        this.steps = steps;
        List<Column> columns = loaded.columns();
        String target = session.target().relation(loaded.table());
        List<String> own = List.of(TableColumns.KEY, TableColumns.PARTITION, TableColumns.OFFSET);
        List<String> names = new ArrayList<>(own);
        columns.forEach(column -> names.add(column.quoted()));
        String all = String.join(", ", names);
        // The order in which rows are written: by fields.
        String staged = String.join(", ", own) + ", " + DELETED
                + columns.stream().map(column -> ", " + column.quoted()).collect(Collectors.joining());
        copy = "COPY " + STAGE + " (" + staged + ") FROM STDIN";
        delete = "DELETE FROM " + target + " AS row USING " + STAGE + " AS staged WHERE staged." + DELETED + " AND row."
                + TableColumns.KEY + " = staged." + TableColumns.KEY;
        deleteOne = "DELETE FROM " + target + " WHERE " + TableColumns.KEY + " = ?";
        upsert = "INSERT INTO " + target + " (" + all + ") SELECT " + all + " FROM " + STAGE + " WHERE NOT " + DELETED
                + " ON CONFLICT (" + TableColumns.KEY + ") DO UPDATE SET "
                + names.stream()
                        .skip(1)
                        .map(name -> name + " = EXCLUDED." + name)
                        .collect(Collectors.joining(", "));
        session.run(
                "DROP TABLE IF EXISTS " + STAGE,
                "CREATE TEMPORARY TABLE mesh_stage (" + TableColumns.KEY + " text COLLATE \"C\", "
                        + TableColumns.PARTITION
                        + " int, " + TableColumns.OFFSET + " bigint, " + DELETED + " boolean"
                        + columns.stream()
                                .map(column -> ", " + column.quoted() + " " + column.type())
                                .collect(Collectors.joining())
                        + ") ON COMMIT DELETE ROWS");
        for (LoadedChild child : loaded.children()) {
            ElementWriter writer = new ElementWriter(session, child, elements.size());
            writer.createStage();
            elements.add(writer);
        }
        session.commit();
    }

    /**
     * Writes a batch and positions, and commits. If it throws, the writer is not used again, and nothing of it is there, except where the connection broke during the commit: then
     * the positions tell.
     *
     * @param positions where reading goes on in each partition
     * @param caughtUp up to when everything is loaded then; empty = nothing new is known of it
     * @throws FencedException if somebody else has claimed the table
     */
    public Written write(Batch batch, Map<Integer, Position> positions, Optional<Instant> caughtUp)
            throws SQLException {
        add(batch);
        states.move(claim.port(), positions);
        states.renew(claim, caughtUp);
        steps.accept(WriteStep.MOVED);
        session.commit();
        Written all = open;
        open = Written.NOTHING;
        held = false;
        staged = false;
        steps.accept(WriteStep.COMMITTED);
        return all;
    }

    /** Writes a batch that belongs together with the next one, and does not commit. */
    public void add(Batch batch) throws SQLException {
        List<DeadRecord> dead = new ArrayList<>(batch.dead());
        Written rows = merge(batch.rows(), dead);
        hold();
        states.addDeadLetters(claim.port(), dead);
        open = open.plus(new Written(rows.upserted(), rows.deleted(), dead.size()));
    }

    /**
     * The claim is held only once the rows are copied: a loader that is paused while it sends rows holds nothing that another one needs, and one
     * that is paused between statements is ended by PostgreSQL.
     */
    private void hold() throws SQLException {
        if (!held) {
            states.hold(claim);
            held = true;
            steps.accept(WriteStep.HELD);
        }
    }

    /**
     * A row that PostgreSQL refuses goes to the dead letters, and the others are merged. {@code COPY} tells the line; where nothing does, the row
     * is looked for by halves.
     */
    private Written merge(List<Batch.Row> rows, List<DeadRecord> dead) throws SQLException {
        Written all = Written.NOTHING;
        List<Batch.Row> left = rows;
        while (!left.isEmpty()) {
            Savepoint before = session.connection().setSavepoint();
            boolean wasHeld = held;
            boolean wasStaged = staged;
            try {
                all = all.plus(mergeAll(left));
                session.connection().releaseSavepoint(before);
                return all;
            } catch (SQLException refused) {
                if (!DatabaseFault.isOfData(refused)) {
                    throw refused;
                }
                session.connection().rollback(before);
                // Else those of all refused rows would be inside each other, each with a lock of its own.
                session.connection().releaseSavepoint(before);
                // What was done behind the savepoint is undone: the lock, and what was staged.
                held = wasHeld;
                staged = wasStaged;
                int line = left.size() == 1 ? 1 : DatabaseFault.copiedLine(refused);
                if (line >= 1 && line <= left.size()) {
                    all = all.plus(merge(left.subList(0, line - 1), dead));
                    refuse(left.get(line - 1), refused, dead);
                    left = left.subList(line, left.size());
                } else {
                    int half = left.size() / 2;
                    all = all.plus(merge(left.subList(0, half), dead));
                    left = left.subList(half, left.size());
                }
            }
        }
        return all;
    }

    private void refuse(Batch.Row row, SQLException refused, List<DeadRecord> dead) throws SQLException {
        hold();
        DeadRecord record = row.record();
        deleteRow(record);
        dead.add(new DeadRecord(
                record.partition(),
                record.offset(),
                record.key(),
                record.value(),
                "PostgreSQL refuses the row: SQLSTATE " + DatabaseFault.state(refused)));
    }

    private Written mergeAll(List<Batch.Row> rows) throws SQLException {
        if (staged) {
            session.run("TRUNCATE " + STAGE);
            for (ElementWriter writer : elements) {
                writer.emptyStage();
            }
        }
        staged = true;
        CopyRows.send(session, copy, rows.stream().map(Batch.Row::line));
        for (ElementWriter writer : elements) {
            writer.copy(rows);
        }
        steps.accept(WriteStep.COPIED);
        hold();
        try (Statement statement = session.connection().createStatement()) {
            long deleted = rows.stream().anyMatch(Batch.Row::deletes) ? statement.executeLargeUpdate(delete) : 0;
            long upserted = statement.executeLargeUpdate(upsert);
            steps.accept(WriteStep.MERGED);
            for (ElementWriter writer : elements) {
                writer.replace();
            }
            steps.accept(WriteStep.ELEMENTS);
            return new Written(upserted, deleted, 0);
        }
    }

    /** What stood under the key is not what the topic says any more. */
    private void deleteRow(DeadRecord refused) throws SQLException {
        byte[] key = refused.key();
        if (key != null) {
            try (PreparedStatement statement = session.connection().prepareStatement(deleteOne)) {
                statement.setString(1, new String(key, StandardCharsets.UTF_8));
                statement.executeUpdate();
            }
            for (ElementWriter writer : elements) {
                writer.delete(key);
            }
        }
    }
}

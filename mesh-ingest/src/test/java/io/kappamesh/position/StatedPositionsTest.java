package io.kappamesh.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.LifecycleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What is stored of one writer and of several, and what is read of it. */
class StatedPositionsTest {
    private static final PortAddress PORT = PortAddress.of("shop.sales.v1");
    private static final IngestPosition NEW =
            new IngestPosition("/a.csv", "d1", 0, -1, false, Instant.ofEpochSecond(9), "topic", RowCounts.none(3));
    private static final IngestPosition BEGUN = new IngestPosition(
            "/a.csv", "d1", 10, 200, false, null, "topic", new RowCounts(List.of(4L, 3L, 1L), 1, 1, 70));

    private final StatedPositions stated = new StatedPositions("shop.sales.v1.mesh.ingest");

    @Test
    void positionOfOneWriterIsStoredAsItAlwaysWas() {
        ProducerRecord<byte[], byte[]> record = IngestTopic.record(
                PORT, BEGUN, 0, 1, new WriterPart(place(12, 240), false, counts(1, 0, 0, 1, 0, 80), 7));

        assertThat(record.topic()).isEqualTo("shop.sales.v1.mesh.ingest");
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("file/d1");
        assertThat(record.value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"file\":\"/a.csv\",\"digest\":\"d1\",\"rows\":12,\"offset\":240,\"done\":false,"
                        + "\"handOver\":null,\"topicId\":\"topic\",\"written\":[5,3,1],\"refused\":2,\"live\":1,"
                        + "\"newest\":80}");
        take(record);
        assertThat(stated.ingested().splits()).isEmpty();
        assertThat(stated.ingested().writers()).isEqualTo(1);
        assertThat(stated.ingested().positions().get("d1").rows()).isEqualTo(12);
    }

    @Test
    void writersAreAddedUpFromWhereAllBegan() {
        take(IngestTopic.record(PORT, BEGUN));
        take(part(BEGUN, 0, place(30, 600), 12, 2, 90));
        take(part(BEGUN, 2, place(20, 400), 3, 0, 95));

        SplitPosition split = stated.ingested().splits().get("d1");

        assertThat(split.writers()).isEqualTo(3);
        assertThat(split.isLevel()).isFalse();
        // The second one has not stated anything.
        assertThat(split.lowest().position()).isEqualTo(place(10, 200));
        assertThat(split.lowest().counts().newest()).isEqualTo(70);
        assertThat(split.farthest()).isEqualTo(30);
        IngestPosition total = stated.ingested().positions().get("d1");
        assertThat(total).isEqualTo(split.total());
        assertThat(total.rows()).isEqualTo(10 + 12 + 2 + 3);
        assertThat(total.done()).isFalse();
        assertThat(total.counts()).isEqualTo(counts(16, 3, 4, 3, 1, 95));
    }

    /** Of a file without a position all writers begin at its first row. */
    @Test
    void writersOfANewFileBeginAtItsBeginning() {
        take(part(NEW, 1, place(5, 100), 2, 0, 60));

        SplitPosition split = stated.ingested().splits().get("d1");

        assertThat(split.base()).isEqualTo(NEW);
        assertThat(split.lowest().position()).isEqualTo(RowPosition.BEGINNING);
        assertThat(split.lowest().counts().newest()).isEqualTo(-1);
    }

    @Test
    void writersAtOneRowBecomeOnePosition() {
        for (int writer = 0; writer < 3; writer++) {
            take(part(NEW, writer, place(9, 180), 3, 0, 60 + writer));
        }
        SplitPosition split = stated.ingested().splits().get("d1");
        assertThat(split.isLevel()).isTrue();
        // Of all writers: a row behind them that is earlier is an error also when the file is read from here.
        assertThat(split.lowest()).isEqualTo(split.total());

        IngestTopic.joined(PORT, split).forEach(this::take);

        assertThat(stated.ingested().splits()).isEmpty();
        assertThat(stated.ingested().positions().get("d1"))
                .isEqualTo(new IngestPosition(
                        "/a.csv", "d1", 9, 180, false, Instant.ofEpochSecond(9), "topic", counts(3, 3, 3, 0, 0, 62)));
    }

    /** The end of a file is told to all writers when all rows are given to them, and those that have got all of them may not have heard of it. */
    @Test
    void fileIsDoneWhereAllWritersAreAtTheEndThatOneHasSeen() {
        take(part(NEW, 0, place(9, 180), 3, 0, 60));
        take(done(NEW, 1, place(9, 180), 3));
        take(part(NEW, 2, place(8, 160), 2, 0, 60));
        assertThat(stated.ingested().positions().get("d1").done()).isFalse();

        take(part(NEW, 2, place(9, 180), 3, 0, 60));

        assertThat(stated.ingested().positions().get("d1").done()).isTrue();
    }

    @Test
    void sumOfRowsSaysWhichOfThemAreTakenBehindTheLowestPlace() {
        long before = WriterPart.hash(11) + WriterPart.hash(12);
        long behind = WriterPart.hash(13) + WriterPart.hash(15);
        SplitPosition split = new SplitPosition(
                BEGUN,
                List.of(
                        new WriterPart(place(15, 1), false, RowCounts.none(3), WriterPart.hash(11) + behind),
                        new WriterPart(place(12, 1), false, RowCounts.none(3), before - WriterPart.hash(11))));

        assertThat(split.takenBeyondLowest()).isEqualTo(behind);
        assertThat(WriterPart.hash(13)).isNotEqualTo(WriterPart.hash(14)).isNotZero();
    }

    @Test
    void writersThatDoNotBelongTogetherAreRefused() {
        take(part(NEW, 0, place(9, 180), 3, 0, 60));
        // As an ingest of one writer would write it, that knows nothing of several.
        take(IngestTopic.record(PORT, BEGUN));

        assertThatThrownBy(stated::ingested)
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("the positions of the writers of file /a.csv contradict each other");
    }

    /** A build that knows one writer takes every key {@code file/…} for a position, which has to say its file. */
    @Test
    void buildOfOneWriterRefusesAPortOfSeveral() throws IOException {
        ProducerRecord<byte[], byte[]> record = IngestTopic.writers(PORT, 3);

        assertThat(record.key()).asString(StandardCharsets.UTF_8).startsWith("file/");
        JsonNode json = IngestTopic.JSON.readTree(record.value());
        assertThat(json.path("file").isTextual()).isFalse();
        take(record);
        assertThat(stated.ingested().writers()).isEqualTo(3);
        assertThat(stated.ingested().positions()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRefused() {
        ProducerRecord<byte[], byte[]> record = part(NEW, 2, place(9, 180), 3, 0, 60);

        assertThatThrownBy(() -> stated.take(consumed("part/d1/3", record.value())))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> stated.take(consumed("part/d1", record.value())))
                .isInstanceOf(LifecycleException.class);
    }

    private static ProducerRecord<byte[], byte[]> part(
            IngestPosition base, int writer, RowPosition place, long written, long refused, long newest) {
        long[] by = new long[3];
        by[writer] = written;
        return IngestTopic.record(
                PORT,
                base,
                writer,
                3,
                new WriterPart(place, false, counts(by[0], by[1], by[2], refused, 0, newest), 7));
    }

    private static ProducerRecord<byte[], byte[]> done(
            IngestPosition base, int writer, RowPosition place, long written) {
        return IngestTopic.record(
                PORT, base, writer, 3, new WriterPart(place, true, counts(0, written, 0, 0, 0, 60), 7));
    }

    private static RowPosition place(long rows, long offset) {
        return new RowPosition(rows, offset);
    }

    private static RowCounts counts(long first, long second, long third, long refused, long live, long newest) {
        return new RowCounts(List.of(first, second, third), refused, live, newest);
    }

    private void take(ProducerRecord<byte[], byte[]> record) {
        stated.take(consumed(new String(record.key(), StandardCharsets.UTF_8), record.value()));
    }

    private static ConsumerRecord<byte[], byte[]> consumed(String key, byte[] value) {
        return new ConsumerRecord<>("shop.sales.v1.mesh.ingest", 0, 0, key.getBytes(StandardCharsets.UTF_8), value);
    }
}

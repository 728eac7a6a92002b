package io.kappamesh.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.generation.Generation;
import io.kappamesh.tables.Latest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CorrectionsTest {
    private static final byte[] KEY = {1};
    private static final byte[] ONE = {1};
    private static final byte[] TWO = {2};

    @Test
    void noCorrectionIsOlderThanWhatItReplaces() {
        assertThat(correction(value(100, ONE), value(50, TWO)).timestamp()).isEqualTo(100);
        assertThat(correction(deletion(100), value(50, TWO)).timestamp()).isEqualTo(100);
        assertThat(correction(value(100, ONE), deletion(50)).timestamp()).isEqualTo(100);
        assertThat(correction(value(100, ONE), null).timestamp()).isEqualTo(100);
        assertThat(correction(null, value(50, TWO)).timestamp()).isEqualTo(50);
        assertThat(correction(value(100, ONE), deletion(150)).timestamp()).isEqualTo(150);
    }

    @Test
    void aKeyThatTheCandidateDeletedIsDeletedAndOneThatWasDeletedComesBack() {
        assertThat(correction(value(100, ONE), deletion(50)).value()).isNull();
        assertThat(correction(deletion(100), value(50, TWO)).value()).isEqualTo(TWO);
    }

    @Test
    void aShadowIsGivenTheVeryRecordAndWhatSaysSoAlreadyIsLeftAlone() {
        assertThat(copies(value(50, ONE), value(100, ONE))).singleElement().satisfies(copy -> {
            assertThat(copy.timestamp()).isEqualTo(50);
            assertThat(copy.value()).isEqualTo(ONE);
        });
        assertThat(copies(value(50, ONE), deletion(100)))
                .singleElement()
                .satisfies(copy -> assertThat(copy.value()).isEqualTo(ONE));
        assertThat(copies(value(50, ONE), value(50, ONE))).isEmpty();
        assertThat(copies(deletion(100), null)).isEmpty();
        assertThat(copies(deletion(100), deletion(50))).isEmpty();
        assertThat(copies(null, deletion(50))).isEmpty();
    }

    @Test
    void aDeletionInAShadowIsNotOlderThanWhatItDeletes() {
        assertThat(copies(deletion(50), value(100, ONE))).singleElement().satisfies(copy -> {
            assertThat(copy.timestamp()).isEqualTo(100);
            assertThat(copy.value()).isNull();
        });
        assertThat(copies(deletion(150), value(100, ONE)))
                .singleElement()
                .satisfies(copy -> assertThat(copy.timestamp()).isEqualTo(150));
    }

    @Test
    void behindAnOffsetEachKeyOfAShadowHasWhatThePublicTopicHas() {
        assertThat(copiesSince(7, value(50, ONE), value(50, ONE))).isEmpty();
        assertThat(copiesSince(7, deletion(50), deletion(60))).isEmpty();
        assertThat(copiesSince(8, value(50, ONE), value(50, ONE)))
                .singleElement()
                .satisfies(copy -> {
                    assertThat(copy.timestamp()).isEqualTo(50);
                    assertThat(copy.value()).isEqualTo(ONE);
                });
        assertThat(copiesSince(7, value(50, ONE), value(50, TWO))).hasSize(1);
        assertThat(copiesSince(7, value(50, ONE), null)).hasSize(1);
        assertThat(copiesSince(7, deletion(50), null))
                .singleElement()
                .satisfies(copy -> assertThat(copy.value()).isNull());
        assertThat(copiesSince(7, null, null)).isEmpty();
        assertThat(copiesSince(8, null, value(70, ONE))).singleElement().satisfies(copy -> {
            assertThat(copy.value()).isNull();
            assertThat(copy.timestamp()).isEqualTo(70);
        });
    }

    @Test
    void whatNeitherHasIsToldAsADeletionOfTheTimeOfTheCandidate() {
        ProducerRecord<byte[], byte[]> absence = Corrections.absence(
                "sales.orders.v1.g1",
                new Difference(DifferenceKind.ONLY_CANDIDATE, true, 3, KEY, null, value(70, ONE)));

        assertThat(absence.timestamp()).isEqualTo(70);
        assertThat(absence.value()).isNull();
        assertThat(absence.partition()).isEqualTo(3);
    }

    private static List<ProducerRecord<byte[], byte[]>> copiesSince(
            long since, @Nullable Latest from, @Nullable Latest has) {
        List<ProducerRecord<byte[], byte[]>> copies = new ArrayList<>();
        Corrections.copySince("sales.orders.v1.g1", Map.of(0, since), copies::add)
                .visit(0, KEY, from, has);
        return copies;
    }

    private static ProducerRecord<byte[], byte[]> correction(@Nullable Latest serving, @Nullable Latest candidate) {
        return Corrections.of(
                new Difference(DifferenceKind.CHANGED, true, 0, KEY, serving, candidate),
                PortAddress.of("sales.orders.v1"),
                Generation.of("sales.orders.g2"));
    }

    private static List<ProducerRecord<byte[], byte[]>> copies(@Nullable Latest from, @Nullable Latest has) {
        List<ProducerRecord<byte[], byte[]>> copies = new ArrayList<>();
        Corrections.copy("sales.orders.v1.g1", copies::add).visit(0, KEY, from, has);
        return copies;
    }

    private static Latest value(long timestamp, byte[] value) {
        return new Latest(7, timestamp, false, value);
    }

    private static Latest deletion(long timestamp) {
        return new Latest(7, timestamp, false, null);
    }
}

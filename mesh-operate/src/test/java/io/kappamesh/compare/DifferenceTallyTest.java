package io.kappamesh.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DifferenceTallyTest {
    private final DifferenceTally tally = new DifferenceTally();

    @Test
    void expectedDifferencesAreCountedApart() {
        tally.key(true, true);
        tally.equal();
        differs("a", DifferenceKind.ONLY_SERVING, true);
        differs("b", DifferenceKind.ONLY_SERVING, false);
        tally.overtaken();

        PortReport report = tally.report("sales.orders.v1", PortChange.NONE, PortHorizon.NONE, Instant.EPOCH);

        assertThat(report.equal()).isEqualTo(1);
        assertThat(report.expected()).isEqualTo(1);
        assertThat(report.onlyServing()).isEqualTo(1);
        assertThat(report.overtaken()).isEqualTo(1);
        assertThat(report.unexpected()).isEqualTo(1);
        assertThat(report.agrees()).isFalse();
    }

    @Test
    void tenOfEachKindAreKeptAndTheUnexpectedFirst() {
        for (int i = 0; i < 20; i++) {
            differs("expected-" + i, DifferenceKind.TIMESTAMP, true);
            differs("only-" + i, DifferenceKind.ONLY_CANDIDATE, false);
        }
        differs("late", DifferenceKind.TIMESTAMP, false);

        List<Sample> samples = tally.report("sales.orders.v1", PortChange.NONE, PortHorizon.NONE, Instant.EPOCH)
                .samples();

        assertThat(samples).hasSize(20);
        assertThat(samples.get(0).key()).isEqualTo("late");
        assertThat(samples.get(1).key()).isEqualTo("expected-0");
        assertThat(samples.get(10).key()).isEqualTo("only-0");
    }

    @Test
    void aFieldCountsOncePerKey() {
        FieldChange first =
                new FieldChange(FieldPath.ROOT.field("lines").element(0).field("tax"), 1, 2);
        FieldChange second =
                new FieldChange(FieldPath.ROOT.field("lines").element(1).field("tax"), 1, 2);
        KeyComparison finding = new KeyComparison(DifferenceKind.CHANGED, List.of(first, second));
        tally.difference(DifferenceKind.CHANGED, key("a"), finding, false);
        tally.difference(DifferenceKind.CHANGED, key("b"), finding, true);

        PortReport report = tally.report("sales.orders.v1", PortChange.NONE, PortHorizon.NONE, Instant.EPOCH);

        assertThat(report.fields()).containsOnlyKeys("lines[].tax").containsEntry("lines[].tax", 2L);
    }

    @Test
    void aReportIsJson() throws Exception {
        KeyComparison finding = new KeyComparison(
                DifferenceKind.CHANGED, List.of(new FieldChange(FieldPath.ROOT.field("total"), 1, 2)));
        tally.difference(DifferenceKind.CHANGED, key("a"), finding, false);
        PortReport report = tally.report("sales.orders.v1", PortChange.NONE, PortHorizon.NONE, Instant.EPOCH);
        ObjectMapper json = new ObjectMapper();

        JsonNode written = json.readTree(json.writeValueAsString(report));

        assertThat(written.fieldNames())
                .toIterable()
                .containsExactly(
                        "topic",
                        "change",
                        "servingKeys",
                        "candidateKeys",
                        "equal",
                        "changed",
                        "timestampOnly",
                        "onlyServing",
                        "onlyCandidate",
                        "undecodable",
                        "expected",
                        "overtaken",
                        "horizon",
                        "fields",
                        "samples");
        assertThat(written.get("samples").toString())
                .isEqualTo("[{\"key\":\"a\",\"kind\":\"CHANGED\",\"expected\":false,"
                        + "\"fields\":[{\"path\":\"total\",\"serving\":\"1\",\"candidate\":\"2\"}]}]");
        assertThat(json.treeToValue(written, PortReport.class)).isEqualTo(report);
    }

    private void differs(String key, DifferenceKind kind, boolean expected) {
        tally.difference(kind, key(key), KeyComparison.of(kind), expected);
    }

    private static Supplier<String> key(String text) {
        return () -> text;
    }
}

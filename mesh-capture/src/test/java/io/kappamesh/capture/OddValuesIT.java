package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.testkit.LocalMesh;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values that no date, timestamp or number can hold: none of them becomes another value, in a snapshot or in a change. */
@Timeout(180)
class OddValuesIT {
    private static final String ROW =
            "{\"id\":\"infinity\",\"n\":1,\"days\":[\"infinity\",20513,null],\"times\":[\"-infinity\"],\"share\":\"NaN\","
                    + "\"instants\":[\"infinity\",\"-infinity\",\"2026-03-01T00:00:00.000000Z\",null],\"instant\":\"-infinity\"}";

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    /** One key is one key, whether its row comes from a snapshot or a change; PostgreSQL's text says which value it was. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void infiniteTimesAreTheirTextAlsoInKeysAndArrays() throws Exception {
        try (CaptureLab lab = CaptureLab.startOrSkip(mesh)) {
            lab.topic("endless");
            String values =
                    "('infinity', 1, ARRAY['infinity', '2026-03-01', NULL]::date[], ARRAY['-infinity']::timestamp[], 'NaN',"
                            + " ARRAY['infinity', '-infinity', '2026-03-01 00:00:00Z', NULL]::timestamptz[], '-infinity')";
            lab.postgres()
                    .run(
                            "CREATE TABLE endless (id date PRIMARY KEY, n integer, days date[], times timestamp[], share double precision,"
                                    + " instants timestamptz[], instant timestamptz)",
                            "ALTER TABLE endless REPLICA IDENTITY FULL",
                            "INSERT INTO endless VALUES " + values,
                            "INSERT INTO endless (id) VALUES ('-infinity')");
            CaptureLab.toEnd(lab.capture("endless"));
            assertThat(rows(lab)).containsOnlyKeys("-infinity", "infinity").containsEntry("infinity", ROW);
            lab.postgres().run("DELETE FROM endless", "INSERT INTO endless VALUES " + values);
            CaptureLab.toEnd(lab.capture("endless"));

            assertThat(rows(lab)).containsOnlyKeys("-infinity", "infinity").containsEntry("infinity", ROW);

            // Debezium would write null for the whole array.
            lab.postgres()
                    .run(
                            "ALTER TABLE endless ADD COLUMN shares numeric[]",
                            "UPDATE endless SET shares = ARRAY['NaN']::numeric[]");
            assertThatThrownBy(() -> CaptureLab.toEnd(lab.capture("endless")))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContainingAll("endless.shares", "_numeric", "--again");
        }
    }

    /** The latest row of each key as it was written; after a deletion it is empty. */
    private static Map<String, String> rows(CaptureLab lab) throws Exception {
        Map<String, String> rows = new TreeMap<>();
        lab.records(CaptureLab.port("endless")).forEach(record -> {
            String key = CaptureLab.json(record.key()).get("id").asText();
            rows.put(
                    key,
                    record.value() == null
                            ? ""
                            : CaptureLab.json(record.value()).get("after").toString());
        });
        return rows;
    }
}

package io.kappamesh.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    /** One key is one key, whether its row comes from a snapshot or a change; PostgreSQL's text says which value it was. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void infiniteTimesAreTheirTextAlsoInKeysAndArrays() throws Exception {
        try (CaptureLab lab = CaptureLab.startOrSkip(mesh)) {
            lab.topic("endless");
            String values =
                    "('infinity', 1, ARRAY['infinity', '2026-03-01', NULL]::date[], ARRAY['-infinity']::timestamp[], 'NaN')";
            lab.postgres()
                    .run(
                            "CREATE TABLE endless (id date PRIMARY KEY, n integer, days date[], times timestamp[], share double precision)",
                            "ALTER TABLE endless REPLICA IDENTITY FULL",
                            "INSERT INTO endless VALUES " + values,
                            "INSERT INTO endless (id) VALUES ('-infinity')");
            CaptureLab.toEnd(lab.capture("endless"));
            lab.postgres().run("DELETE FROM endless", "INSERT INTO endless VALUES " + values);
            CaptureLab.toEnd(lab.capture("endless"));

            Map<String, JsonNode> rows = new TreeMap<>();
            lab.records(CaptureLab.port("endless")).forEach(record -> {
                String key = CaptureLab.json(record.key()).get("id").asText();
                JsonNode value = record.value() == null ? null : CaptureLab.json(record.value());
                rows.put(key, value == null ? MissingNode.getInstance() : value.get("after"));
            });
            assertThat(rows).containsOnlyKeys("-infinity", "infinity");
            assertThat(rows.get("infinity"))
                    .hasToString(
                            "{\"id\":\"infinity\",\"n\":1,\"days\":[\"infinity\",20513,null],\"times\":[\"-infinity\"],\"share\":\"NaN\"}");

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
}

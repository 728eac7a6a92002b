package io.kappamesh.console.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShipmentLineTest {
    @Test
    void linesOfAllEventsAreReadAsTheyWereWritten() {
        int read = 0;
        for (TpchEvent event : TpchEvents.atScale(0.0005).only(EventStream.SHIPMENTS)) {
            assertThat(event(ShipmentLine.text((ShipmentEvent) event.value())))
                    .isEqualTo(ValueFormat.Result.value(event.value()));
            read++;
        }
        assertThat(read).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e|1|1|1995-01-01T00:00:00Z|delivered",
                "e|1|1|1995-01-01T00:00:00Z|delivered|A|x",
                "e|1|one|1995-01-01T00:00:00Z|delivered|A",
                "e|1|1|1995-01-01|delivered|A",
                "e|1|1|1995-01-01T00:00:00Z|dispatched|MAIL|1995|O"
            })
    void otherLinesAreRefused(String line) {
        assertThat(event(line)).isInstanceOf(ValueFormat.Rejected.class);
    }

    private static ValueFormat.Result<ShipmentEvent> event(String line) {
        return ShipmentLine.event(line.getBytes(StandardCharsets.UTF_8));
    }
}

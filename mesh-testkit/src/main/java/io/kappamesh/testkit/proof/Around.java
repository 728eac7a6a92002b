package io.kappamesh.testkit.proof;

import io.kappamesh.contract.InputPort;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What there is around the key and the value of a record.
 *
 * @param topic where it came
 * @param partition where it came, if not where its key belongs
 * @param headers texts by their names
 */
record Around(String topic, OptionalInt partition, Map<String, String> headers) {
    Around {
        headers = Map.copyOf(headers);
    }

    Headers recordHeaders() {
        Headers made = new RecordHeaders();
        headers.forEach((name, text) -> made.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return made;
    }

    /** Of a record that came anyhow. */
    static Around anything(InputPort<?> port) {
        return new Around(port.topic(), OptionalInt.empty(), Map.of());
    }

    /** Of a record that the port means. */
    static Around meant(InputPort<?> port) {
        return new Around(port.topic(), OptionalInt.empty(), port.filter().headers());
    }

    Around inTopic(String other) {
        return new Around(other, partition, headers);
    }

    Around inPartition(int chosen) {
        return new Around(topic, OptionalInt.of(chosen), headers);
    }

    Around withHeader(String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return new Around(topic, partition, all);
    }
}

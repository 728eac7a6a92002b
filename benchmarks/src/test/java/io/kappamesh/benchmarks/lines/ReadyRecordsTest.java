package io.kappamesh.benchmarks.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ReadyRecordsTest {
    /** Over several blocks, with one record that is larger than a block. */
    @Test
    void recordsComeOutAsTheyWentIn() {
        List<ProducerRecord<byte[], byte[]>> in = new ArrayList<>();
        for (int number = 0; number < 5_000; number++) {
            in.add(new ProducerRecord<>(
                    "lines",
                    null,
                    (long) number,
                    ("key " + number).getBytes(StandardCharsets.UTF_8),
                    new byte[number == 2_000 ? 3 << 20 : number % 700]));
        }
        ReadyRecords ready = new ReadyRecords("lines");
        in.forEach(ready::add);
        List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>();
        ready.forEach(out::add);

        assertThat(ready.size()).isEqualTo(out.size()).isEqualTo(in.size());
        for (int at = 0; at < in.size(); at++) {
            assertThat(out.get(at).topic()).isEqualTo("lines");
            assertThat(out.get(at).timestamp()).isEqualTo(at);
            assertThat(Arrays.equals(out.get(at).key(), in.get(at).key())).isTrue();
            assertThat(Arrays.equals(out.get(at).value(), in.get(at).value())).isTrue();
        }
    }
}

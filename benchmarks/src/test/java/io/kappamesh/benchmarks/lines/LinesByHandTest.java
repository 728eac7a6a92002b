package io.kappamesh.benchmarks.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.benchmarks.data.LineFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesByHandTest {
    @TempDir
    Path directory;

    @Test
    void allFormatsSayTheSame() throws Exception {
        LineFiles files = LineFiles.write(directory, 0.0002);
        List<GenericRecord> csv = read("csv");
        assertThat(csv).hasSize((int) files.warmUp());

        for (String format : List.of("csv-gz", "json", "avro", "parquet")) {
            assertThat(read(format)).as(format).isEqualTo(csv);
        }
    }

    private List<GenericRecord> read(String format) throws IOException {
        List<GenericRecord> lines = new ArrayList<>();
        LinesByHand.read(directory, format, "a", lines::add);
        return lines;
    }
}

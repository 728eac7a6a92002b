package io.kappamesh.benchmarks.arm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.benchmarks.measure.Footprint;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "write-ours",
                "write-raw",
                "write-confluent-style",
                "read-ours",
                "read-raw",
                "read-confluent-style"
            })
    void everyCodecWritesAndReadsTheSame(String program) throws Exception {
        Job job = new Job("", "", 100, 50, 0.0005, directory);

        Measurement measurement = ArmMain.measure(program, "", job);

        assertThat(measurement.records()).isEqualTo(50);
        assertThat(measurement.seconds()).isPositive();
    }

    @Test
    void whatIsHandedToAProcessIsReadThereAsItWasWritten() {
        Job job = new Job("127.0.0.1:1", "http://127.0.0.1:2", 3, 1, 0.5, directory);
        Measurement measurement = new Measurement(1, 2.5, 3.5, 0.5, 4)
                .with(new Footprint(5, 6.5, 7.5))
                .withPause(8.5);
        Path jobFile = directory.resolve("job");
        Path measurementFile = directory.resolve("measurement");

        job.write(jobFile);
        measurement.write(measurementFile);

        assertThat(Job.read(jobFile)).isEqualTo(job);
        assertThat(Measurement.read(measurementFile)).isEqualTo(measurement);
    }
}

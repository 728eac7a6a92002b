package io.kappamesh.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private static final Generation G1 = Generation.of("a.p.g1");
    private static final Generation G2 = Generation.of("a.p.g2");

    @TempDir
    private Path directory;

    @Test
    void whoComesSecondIsToldWhoHasIt() {
        StateDirectory first = StateDirectory.in(directory);
        StateDirectory second = StateDirectory.in(directory);
        first.take(G1, true);

        assertThatThrownBy(() -> second.take(G1, true))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
                .hasMessageContainingAll(
                        "mesh.state.dir",
                        "a.p.g1",
                        directory.toString(),
                        "pid " + ProcessHandle.current().pid());

        first.giveBack(G1);
        second.take(G1, true);
        second.giveBack(G1);
    }

    @Test
    void otherGenerationsAndProductsMayLieBeside() {
        StateDirectory.in(directory).take(G1, true);

        StateDirectory.in(directory).take(G2, true);

        assertThat(directory.resolve("a.p.g2")).isDirectory();
    }

    @Test
    void aPlaceThatCannotBeADirectoryIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> StateDirectory.in(file.resolve("below")))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
                .hasMessageContaining(file.toString());
    }

    @Test
    void stateOfAGenerationThatStoppedInOrderIsKept() throws Exception {
        StateDirectory state = StateDirectory.in(directory);
        state.take(G1, true);
        Path store = Files.createFile(directory.resolve("a.p.g1/store"));
        state.giveBack(G1);

        state.take(G1, true);

        assertThat(store).exists();
    }

    /** As a process leaves it that was killed: the lock is let go, and what stands in it stays. */
    private Path killed(String holder) throws Exception {
        Path own = Files.createDirectories(directory.resolve("a.p.g1/0_0/rocksdb"));
        Files.writeString(directory.resolve("a.p.g1/.kappa-mesh.lock"), holder);
        return Files.writeString(own.resolve("store"), "what is committed");
    }

    @Test
    void transactionalStateOfAGenerationThatWasKilledIsKept() throws Exception {
        Path store = killed("pid 1, transactional stores");

        StateDirectory.in(directory).take(G1, true);

        assertThat(store).exists();
    }

    @Test
    void stateIsThrownAwayWhereTheKilledProcessOrThisOneHasOtherStores() throws Exception {
        StateDirectory state = StateDirectory.in(directory);
        Path others = killed("pid 1");
        state.take(G1, true);
        assertThat(others).doesNotExist();
        state.giveBack(G1);

        Path before = killed("pid 1, transactional stores");
        state.take(G1, false);
        assertThat(before).doesNotExist();
    }

    @Test
    void stateOfAGenerationThatWasKilledIsThrownAway() throws Exception {
        Path own = Files.createDirectories(directory.resolve("a.p.g1/0_0/rocksdb"));
        Files.writeString(own.resolve("store"), "half of it");
        Files.writeString(directory.resolve("a.p.g1/.kappa-mesh.lock"), "pid 1");
        Path nameInTheGroup = Files.createFile(directory.resolve("a.p.g1/kafka-streams-process-metadata"));

        StateDirectory.in(directory).take(G1, true);

        assertThat(directory.resolve("a.p.g1")).isDirectoryNotContaining("glob:**/0_0");
        assertThat(nameInTheGroup).exists();
    }
}

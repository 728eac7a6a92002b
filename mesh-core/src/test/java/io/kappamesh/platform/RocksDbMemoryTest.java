package io.kappamesh.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

class RocksDbMemoryTest {
    private static final long BYTES = 64L * 1024 * 1024;

    @Test
    void storesShareIt() {
        try (RocksDbMemory memory = new RocksDbMemory(BYTES);
                Options one = options();
                Options other = options()) {
            configure(memory, one);
            configure(memory, other);

            assertThat(one.writeBufferManager()).isSameAs(other.writeBufferManager());
            assertThat(one.writeBufferSize()).isLessThan(BYTES / 64);
        }
    }

    /** A thread that a stop no longer waits for may still open one. In memory that is freed the JVM would end with a fault. */
    @Test
    void aStoreThatIsOpenedAfterTheStopIsRefused() {
        RocksDbMemory memory = new RocksDbMemory(BYTES);
        memory.close();
        try (Options late = options()) {
            assertThatThrownBy(() -> configure(memory, late))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("store late");
            assertThat(late.writeBufferManager()).isNull();
        }
    }

    private static void configure(RocksDbMemory memory, Options options) {
        new RocksDbMemory.Setter().setConfig("late", options, memory.config());
    }

    private static Options options() {
        return new Options().setTableFormatConfig(new BlockBasedTableConfig());
    }
}

package io.kappamesh.provision;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.rocksdb.RocksDB;

/**
 * Loads the native libraries of state stores and of compression before anything else. Each unpacks itself into the temporary
 * directory, and fails with an error in the middle of the work where that is missing or must not hold programs. Stateless.
 */
public final class NativeLibraries {
    private static final String REMEDY =
            "; make it, mount it without noexec, or start java with -Djava.io.tmpdir=DIRECTORY, a place where this process may write"
                    + " and execute files";

    /** Loads one library, or throws. */
    @FunctionalInterface
    interface Loading {
        void load() throws Exception;
    }

    private NativeLibraries() {}

    /** @throws StartupException {@link ExitCode#CONFIGURATION} with all that cannot be loaded */
    public static void require() {
        Map<String, Loading> all = new LinkedHashMap<>();
        all.put("RocksDB", RocksDB::loadLibrary);
        all.put("zstd", () -> compress(CompressionType.ZSTD));
        all.put("snappy", () -> compress(CompressionType.SNAPPY));
        StartupException.throwIfAny(
                ExitCode.CONFIGURATION, problems(Path.of(System.getProperty("java.io.tmpdir", "")), all));
    }

    static List<String> problems(Path temporary, Map<String, Loading> libraries) {
        if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
            return List.of("java.io.tmpdir: the temporary directory " + temporary + " is missing, or cannot be written"
                    + REMEDY);
        }
        List<String> problems = new ArrayList<>();
        libraries.forEach((name, library) -> {
            try {
                library.load();
            } catch (VirtualMachineError ours) {
                throw ours;
            } catch (Exception | Error broken) { // each of them has a class of its own
                problems.add(problem(temporary, name, broken));
            }
        });
        return problems;
    }

    private static String problem(Path temporary, String name, Throwable broken) {
        return "java.io.tmpdir: the native library of " + name + " cannot be loaded from the temporary directory "
                + temporary + " (" + Causes.of(broken).lines().findFirst().orElse("") + ")" + REMEDY;
    }

    private static void compress(CompressionType type) throws Exception {
        try (OutputStream out = Compression.of(type)
                .build()
                .wrapForOutput(new ByteBufferOutputStream(512), RecordBatch.MAGIC_VALUE_V2)) {
            out.write(1);
        }
    }
}

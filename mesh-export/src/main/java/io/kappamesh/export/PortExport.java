package io.kappamesh.export;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.cut.Progress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.RegistryUnavailableException;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.tables.Latest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a published port as files: the latest value of each key at a cut, which is where what is committed of the topic ends. Reads committed records
 * only. A directory has a whole export or no {@code manifest.json}. Thread-safe.
 *
 * <p>A row has the record's key as {@value #KEY}, and the fields of the newest version of the contract under their names there. One file is written for
 * each partition, a key is in one of them, and rows are in the order of the bytes of their keys.
 */
public final class PortExport {
    /** The column of the record's key. */
    public static final String KEY = "mesh_key";

    /** The file with the schema of the rows, in Avro's JSON. */
    static final String SCHEMA = "schema.avsc";

    private final Settings settings;
    private final PortAddress address;
    private final ExportFormat format;

    private PortExport(Settings settings, PortAddress address, ExportFormat format) {
        this.settings = settings;
        this.address = address;
        this.format = format;
    }

    /**
     * Nothing is done yet.
     *
     * @param settings of the platform: brokers and registry
     * @param port its address, such as {@code sales.orders.v1}
     * @throws StartupException if it is no address
     */
    public static PortExport of(Settings settings, String port, ExportFormat format) {
        try {
            return new PortExport(settings, PortAddress.of(port), format);
        } catch (DeclarationException malformed) {
            throw new StartupException(ExitCode.CONFIGURATION, malformed.problems());
        }
    }

    /**
     * Writes it. Needs room under {@code mesh.state.dir} for the keys and latest values of the topic, and about a hundred MiB of memory however many there
     * are.
     *
     * @param directory is made if need be, and has to be empty
     * @throws LifecycleException when it cannot be done, with what to do next; then nothing is left in the directory
     */
    public ExportReport into(Path directory, Progress progress) {
        return Attempt.at("port " + address + ": exporting it into " + directory, () -> {
            try (ExportDirectory files = ExportDirectory.empty(directory)) {
                return export(files, progress);
            }
        });
    }

    private ExportReport export(ExportDirectory directory, Progress progress)
            throws IOException, ExecutionException, InterruptedException {
        List<long[]> keyless = new ArrayList<>();
        try (PortTable table = new PortTable(
                settings, address, (topic, partition, offset) -> keyless.add(new long[] {partition, offset}))) {
            RegisteredSchema contract = table.contract();
            Schema schema = rowSchema(contract.schema());
            Files.writeString(directory.partial(SCHEMA), SchemaFormatter.format("json/pretty", schema));
            progress.step("Reading " + address);
            ExportReport.Cut cut = table.read(progress);
            progress.step("Writing its rows");
            try (RowFiles files = new RowFiles(directory, format, schema)) {
                for (long[] record : keyless) {
                    files.reject((int) record[0], record[1], null, null, "has no key");
                }
                Rows rows = new Rows(table, files, table.decoder(contract.schema()), schema);
                table.forEach((partition, key, record, same) -> rows.add(partition, key, record));
                List<ExportedFile> finished = files.finish(cut.ends().size());
                ExportReport report = new ExportReport(
                        address.toString(),
                        format,
                        contract.version(),
                        table.generation(),
                        cut,
                        new ExportReport.Counts(files.rows(), rows.writtenAgain, files.rejected()),
                        finished);
                directory.complete(Manifest.of(report));
                return report;
            }
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** The contract's record, with the key in front. */
    private Schema rowSchema(Schema contract) {
        if (contract.getField(KEY) != null) {
            throw refused("a field of its contract has the name " + KEY + ", which is that of the record's key here");
        }
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field(KEY, Schema.create(Schema.Type.STRING), "The key of the record."));
        contract.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        Schema schema = Schema.createRecord(
                contract.getName() + "Row", contract.getDoc(), contract.getNamespace(), false, fields);
        try {
            format.requireHolds(schema);
        } catch (IllegalArgumentException words) {
            throw refused(words.getMessage() + "; export it as jsonl or csv");
        }
        return schema;
    }

    private LifecycleException refused(String why) {
        return new LifecycleException(ExitCode.CONTRACT, "port " + address + ": " + why);
    }

    /** Makes rows of records. */
    private static final class Rows {
        private final PortTable table;
        private final RowFiles files;
        private final AvroDecoder<Object> decoder;
        private final Schema schema;
        private long writtenAgain;

        Rows(PortTable table, RowFiles files, AvroDecoder<Object> decoder, Schema schema) {
            this.table = table;
            this.files = files;
            this.decoder = decoder;
            this.schema = schema;
        }

        void add(int partition, byte[] keyBytes, @Nullable Latest record) {
            byte[] value = Latest.valueOf(record);
            if (record == null || value == null) {
                return;
            }
            if (table.isWrittenAgain(partition, keyBytes)) {
                writtenAgain++;
            }
            try {
                String key = text(keyBytes);
                String refused = key == null
                        ? "key is no UTF-8 text"
                        : decoder.decode(value)
                                .<@Nullable String>fold(
                                        decoded -> write(partition, key, (IndexedRecord) decoded),
                                        reason -> reason,
                                        (id, cause) -> {
                                            throw new RegistryUnavailableException(
                                                    "schema id " + id
                                                            + " was never seen and the registry does not answer",
                                                    cause);
                                        });
                if (refused != null) {
                    files.reject(partition, record.offset(), keyBytes, value, refused);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Null = it is written. */
        private @Nullable String write(int partition, String key, IndexedRecord value) {
            GenericData.Record row = new GenericData.Record(schema);
            row.put(0, key);
            for (int i = 1; i < schema.getFields().size(); i++) {
                row.put(i, value.get(i - 1));
            }
            String misfit = RowValues.misfit(schema, row).orElse(null);
            if (misfit == null) {
                try {
                    files.add(partition, row);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
            return misfit;
        }

        private static @Nullable String text(byte[] key) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(key))
                        .toString();
            } catch (CharacterCodingException noText) {
                return null;
            }
        }
    }
}

package io.kappamesh.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.avro.Schema;

/** How rows are written. */
public enum ExportFormat {
    /** RFC 4180 in UTF-8 with a header. Text, decimals and times are quoted, always; null is empty and not quoted. What is nested is JSON. */
    CSV {
        @Override
        RowFile create(Path file, Schema rows) throws IOException {
            return new CsvFile(file, rows);
        }
    },
    /** One JSON object in each line. Decimals are text, so that no reader rounds them. */
    JSONL {
        @Override
        RowFile create(Path file, Schema rows) throws IOException {
            return new JsonLinesFile(file, rows);
        }
    },
    /** Parquet with the logical types of the contract, compressed with zstd. */
    PARQUET {
        @Override
        RowFile create(Path file, Schema rows) throws IOException {
            return new ParquetFile(file, rows);
        }

        @Override
        void requireHolds(Schema rows) {
            ParquetFile.requireHolds(rows);
        }
    };

    /** What names of files end with, without a dot. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A new file; there is none of this name. */
    abstract RowFile create(Path file, Schema rows) throws IOException;

    /** @throws IllegalArgumentException with words, if the format cannot hold such rows */
    void requireHolds(Schema rows) {}
}

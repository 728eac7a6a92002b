package io.kappamesh.archive;

import io.kappamesh.connect.AvroRows;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.decoding.DecodedRows;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.Unpacked;
import io.kappamesh.format.ValueFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** The rows of an Avro container file, block by block. For one thread. */
final class AvroFileRows<V extends org.apache.avro.generic.IndexedRecord> implements ArchiveRows<V> {
    private final ArchiveFile file;
    private final Unpacked in;
    private final DataFileStream<Object> blocks;
    private final Schema writer;
    private final DecodedRows<byte[], V> rows;
    private @Nullable BinaryDecoder decoder;
    private byte[] block = new byte[0];
    private int blockEnd;
    private long left;
    private long number;

    private AvroFileRows(ArchiveFile file, Unpacked in, DataFileStream<Object> blocks, AvroRows<V> rows) {
        this.file = file;
        this.in = in;
        this.blocks = blocks;
        this.writer = blocks.getSchema();
        this.rows = new DecodedRows<>(this::cut, row -> row.length, rows::of);
    }

    /** @param rows makes the reader of rows of a writer's schema */
    static <V extends org.apache.avro.generic.IndexedRecord> AvroFileRows<V> open(
            ArchiveFile file, Function<Schema, AvroRows<V>> rows, RowPosition from) {
        Unpacked in = Unpacked.open(file);
        try {
            DataFileStream<Object> blocks = new DataFileStream<>(in.content(), new GenericDatumReader<>());
            AvroFileRows<V> opened = new AvroFileRows<>(file, in, blocks, rows.apply(blocks.getSchema()));
            opened.skip(from.rows());
            return opened;
        } catch (DeclarationException misfit) {
            in.close();
            throw file.wrong(String.join("; ", misfit.problems()), misfit);
        } catch (IOException | AvroRuntimeException broken) {
            in.close();
            throw broken(file, 0, broken);
        } catch (RuntimeException failed) {
            in.close();
            throw failed;
        }
    }

    private void skip(long wanted) throws IOException {
        while (number < wanted && nextBlock()) {
            if (wanted - number >= left) {
                number += left;
                left = 0;
            } else {
                while (number < wanted) {
                    byte[] unused = rowInBlock();
                    number++;
                }
            }
        }
    }

    /** Whether there is a block with rows left. */
    private boolean nextBlock() throws IOException {
        while (left == 0) {
            if (!blocks.hasNext()) {
                return false;
            }
            ByteBuffer content = blocks.nextBlock();
            left = blocks.getBlockCount();
            block = content.array();
            int from = content.arrayOffset() + content.position();
            blockEnd = from + content.remaining();
            decoder = DecoderFactory.get().binaryDecoder(block, from, content.remaining(), decoder);
        }
        return true;
    }

    private byte @Nullable [] cut() throws IOException {
        return nextBlock() ? rowInBlock() : null;
    }

    private byte[] rowInBlock() throws IOException {
        BinaryDecoder open = java.util.Objects.requireNonNull(decoder);
        int from = blockEnd - open.inputStream().available();
        GenericDatumReader.skip(writer, open);
        int to = blockEnd - open.inputStream().available();
        left--;
        return Arrays.copyOfRange(block, from, to);
    }

    @Override
    public @Nullable ArchiveRow<V> next() {
        try {
            byte @Nullable [] row = rows.peek();
            if (row == null) {
                return null;
            }
            ValueFormat.Result<V> result = rows.take();
            number++;
            return new ArchiveRow<>(number, () -> row, result, new RowPosition(number, -1));
        } catch (IOException | RuntimeException broken) {
            throw broken(file, number, broken);
        }
    }

    @Override
    public void drain() {
        try {
            while (nextBlock()) {
                left = 0;
            }
        } catch (IOException | RuntimeException broken) {
            throw broken(file, number, broken);
        }
    }

    private static RuntimeException broken(ArchiveFile file, long row, Exception broken) {
        return file.wrong(
                "behind row " + row + " it is no whole Avro container file (" + broken.getMessage()
                        + "); copy it again, or say another format",
                broken);
    }

    @Override
    public long heldBytes() {
        return USUALLY_HELD + block.length + rows.heldBytes();
    }

    @Override
    public long bytesRead() {
        return in.bytesRead();
    }

    @Override
    public String digest() {
        return in.digest();
    }

    @Override
    public void close() {
        rows.close();
        in.close();
    }
}

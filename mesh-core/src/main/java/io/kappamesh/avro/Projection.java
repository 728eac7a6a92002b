package io.kappamesh.avro;

import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.jspecify.annotations.Nullable;

/** From the bytes of one writer's schema to a {@code T}. Immutable and thread-safe: what changes lives in a {@link BytesDecoder}. */
final class Projection<T> {

    private final String writerName;
    private final @Nullable DatumReader<T> reader;
    private final DecimalLimits limits;
    /** Why the reader cannot take all that this writer may write. Single records may still do. */
    private final List<String> gaps;

    Projection(AvroType<T> type, Schema writer) {
        writerName = writer.getFullName();
        limits = new DecimalLimits(type.schema());
        gaps = Incompatibilities.of(type.schema(), writer);
        reader = LogicalTypeChanges.of(type.schema(), writer).isEmpty() ? readerOrNull(type, writer) : null;
    }

    private static <T> @Nullable DatumReader<T> readerOrNull(AvroType<T> type, Schema writer) {
        try {
            return type.reader(writer);
        } catch (IOException | RuntimeException e) {
            return null; // every record is refused, with the gaps as the reason
        }
    }

    /** What stands behind the header that ends at an index. */
    Decoded<T> read(byte[] bytes, int from) {
        if (reader == null) {
            return new Decoded.Refused<>(unreadable());
        }
        BytesDecoder in = new BytesDecoder(bytes, from);
        try {
            T value = reader.read(null, in);
            if (in.remaining() > 0) {
                return misfit("goes on for %d bytes behind its end".formatted(in.remaining()), in);
            }
            String exceeded = limits.firstExceeded(value);
            return exceeded == null
                    ? new Decoded.Value<>(value)
                    : misfit("has a decimal of more digits than its schema allows, at " + exceeded, in);
        } catch (Malformed e) {
            return misfit(String.valueOf(e.getMessage()), in);
        } catch (StackOverflowError e) {
            return misfit("is nested too deeply", in);
        } catch (AvroRuntimeException e) {
            return gaps.isEmpty() ? misfit(kind(e), in) : new Decoded.Refused<>(unreadable());
        } catch (IOException | RuntimeException e) {
            return misfit(kind(e), in);
        }
    }

    /** The kind only: messages of exceptions may repeat what stood in the record. */
    private static String kind(Exception e) {
        return "does not fit (%s)".formatted(e.getClass().getSimpleName());
    }

    private Decoded<T> misfit(String what, BytesDecoder in) {
        return new Decoded.Refused<>("a record that should be %s %s (byte %d of %d)"
                .formatted(writerName, what, in.position(), in.position() + in.remaining()));
    }

    private String unreadable() {
        String why = gaps.isEmpty() ? "Avro finds no way between the two schemas" : String.join("; ", gaps);
        return "a record of %s cannot be read here: %s".formatted(writerName, why);
    }
}

package io.kappamesh.avro;

import io.kappamesh.Internal;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;

/** From the bytes of one writer's schema to a {@code T}. Immutable and thread-safe: what changes lives in a {@link BytesDecoder}. */
@Internal
public final class Projection<T> {
    /** By how many the items of all arrays and maps of a value together may exceed its bytes: items need not have any. */
    public static final int FREE_ITEMS = 10_000;

    private final String writerName;
    private final String readerName;
    private final ValueReader reader;
    private final int depthLimit;
    /** Why the reader cannot take all that this writer may write. Single records may still do. */
    private final List<String> gaps;

    /** @param depthLimit how many records, arrays and maps may be inside each other */
    public Projection(AvroType<T> type, Schema writer, int depthLimit) {
        writerName = writer.getFullName();
        readerName = type.schema().getName();
        SchemaResolution resolution = SchemaResolution.of(type.schema(), writer);
        gaps = resolution.gaps();
        reader = type.reader(resolution.root());
        this.depthLimit = depthLimit;
    }

    /** What stands behind the header that ends at an index. */
    @SuppressWarnings("unchecked") // the data model makes what its schema says, and that is T
    public Decoded<T> read(byte[] bytes, int from) {
        BytesDecoder in = new BytesDecoder(bytes, from, depthLimit);
        try {
            Object value = reader.read(in);
            return in.remaining() > 0 || value == null
                    ? misfit("goes on for %d bytes behind its end".formatted(in.remaining()), in)
                    : new Decoded.Value<>((T) value);
        } catch (UnreadableException e) {
            return new Decoded.Refused<>(
                    "a record of %s cannot be read here: %s".formatted(writerName, String.join("; ", gaps)));
        } catch (MalformedException e) {
            String where = e.path().isEmpty() ? "" : ", at " + readerName + e.path();
            return misfit(e.getMessage() + where, in);
        } catch (StackOverflowError e) {
            return misfit("is nested too deeply", in);
        } catch (IOException | RuntimeException e) {
            // The kind only: messages of exceptions may repeat what stood in the record.
            return misfit("does not fit (%s)".formatted(e.getClass().getSimpleName()), in);
        }
    }

    private Decoded<T> misfit(String what, BytesDecoder in) {
        return new Decoded.Refused<>("a record that should be %s %s (byte %d of %d)"
                .formatted(writerName, what, in.position(), in.position() + in.remaining()));
    }
}

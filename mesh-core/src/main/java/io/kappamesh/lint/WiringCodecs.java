package io.kappamesh.lint;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.serde.Codecs;
import io.kappamesh.topology.Assembly;
import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Codecs for a topology that is looked at and never run: the registry is not asked. Every wiring asks for a codec, and who asks tells
 * from which method it is done. A lambda does not tell that itself, and several products may be declared in one class. Used by one
 * thread.
 */
@Internal
public final class WiringCodecs implements Codecs, AutoCloseable {
    private static final int NO_ID = 0;
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /**
     * The outermost method of a wiring.
     *
     * @param host the class in which it is
     * @param method its name; that of the generated method where it is a lambda
     * @param descriptor its parameters and result, as class files write them
     */
    public record Wiring(Class<?> host, String method, String descriptor) {}

    private final SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", "http://none:1"));
    private @Nullable Wiring wiring;

    @Override
    public WriterSchemas schemas() {
        return Codecs.schemas(registry);
    }

    @Override
    public <V extends IndexedRecord> AvroDecoder<V> decoder(InputPort<V> port) {
        look();
        return new AvroDecoder<>(Codecs.type(port.type(), port.reader()), registry);
    }

    @Override
    public <V extends IndexedRecord> AvroEncoder<V> encoder(OutputPort<V> port) {
        look();
        return new AvroEncoder<>(
                Codecs.type(port.contract().type(), port.contract().schema()), NO_ID);
    }

    /** Where the product is wired; empty = it reads and publishes nothing. */
    public Optional<Wiring> wiring() {
        return Optional.ofNullable(wiring);
    }

    @Override
    public void close() {
        registry.close();
    }

    private void look() {
        if (wiring == null) {
            wiring = STACK.walk(frames -> frames.takeWhile(frame -> frame.getDeclaringClass() != Assembly.class)
                    .reduce((inner, outer) -> outer)
                    .map(WiringCodecs::wiring)
                    .orElse(null));
        }
    }

    private static Wiring wiring(StackFrame frame) {
        return new Wiring(frame.getDeclaringClass(), frame.getMethodName(), frame.getDescriptor());
    }
}

package io.kappamesh.testkit.proof;

import io.kappamesh.avro.Decoded;
import io.kappamesh.contract.InputPort;
import io.kappamesh.serde.ValueBytes;
import io.kappamesh.testkit.ProductWire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a producer writes that is cut off in the middle or writes another version of its format: for each port one or two values of a history
 * come once more, broken. The product has to refuse them, and in a table to forget the key, in every order.
 */
final class BrokenValues {
    /** Few formats take anything at all: then there is nothing to break. */
    private static final int MOST_TRIES = 8;

    private BrokenValues() {}

    /** The history with such records; the same if nothing of it can be broken. */
    static List<Input> in(List<Input> history, ProductWire wire, RandomGenerator random) {
        List<Input> all = new ArrayList<>(history);
        history.stream().map(Input::port).distinct().forEach(port -> {
            List<Input> own =
                    history.stream().filter(input -> input.port().equals(port)).toList();
            BiFunction<byte[], Headers, Boolean> refused = refusal(port, wire);
            for (int drawn = 1 + random.nextInt(2); drawn > 0; drawn--) {
                Input place = own.get(random.nextInt(own.size()));
                byte @Nullable [] broken = broken(
                        own.get(random.nextInt(own.size())).content().bytes(port, wire),
                        bytes -> refused.apply(bytes, place.around().recordHeaders()),
                        random);
                if (broken != null) {
                    all.add(
                            random.nextInt(all.size() + 1),
                            new Input(0, port, place.key(), new Input.Raw(broken), place.timestamp(), place.around()));
                }
            }
        });
        return all.size() == history.size() ? history : Input.numbered(all);
    }

    private static byte @Nullable [] broken(
            byte @Nullable [] whole, Function<byte[], Boolean> refused, RandomGenerator random) {
        if (whole == null || whole.length == 0) {
            return null;
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            byte[] broken = broken(whole, random);
            if (refused.apply(broken)) {
                return broken;
            }
        }
        return null;
    }

    private static byte[] broken(byte[] whole, RandomGenerator random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                return Arrays.copyOf(whole, random.nextInt(whole.length));
            }
            case 1 -> {
                byte[] longer = Arrays.copyOf(whole, whole.length + 1);
                longer[whole.length] = (byte) random.nextInt(256);
                return longer;
            }
            default -> {
                byte[] other = whole.clone();
                other[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
                return other;
            }
        }
    }

    /** Whether the port refuses bytes, and does not wait for a schema that they seem to name. */
    private static <V extends IndexedRecord> BiFunction<byte[], Headers, Boolean> refusal(
            InputPort<V> port, ProductWire wire) {
        ValueBytes<V> reader = wire.codecs().reader(port);
        return (bytes, headers) -> reader.apply(bytes, headers) instanceof Decoded.Refused<V>;
    }
}

package io.kappamesh.testkit.proof;

import io.kappamesh.contract.InputPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.apache.avro.generic.IndexedRecord;

/**
 * What a producer writes that sends a value under the key of another: for each port with a key rule one or two records of a history
 * come once more, under keys that are not theirs. The product has to refuse them, and in a table to forget the key, in every order.
 */
final class ForeignKeys {
    private ForeignKeys() {}

    /** The history with such records; the same if no port of it declares a key, or if its records have one key only. */
    static List<Input> in(List<Input> history, RandomGenerator random) {
        List<Input> all = new ArrayList<>(history);
        List<InputPort<?>> ports = new ArrayList<>();
        history.stream()
                .map(Input::port)
                .filter(port -> port.key().isPresent())
                .filter(port -> !ports.contains(port))
                .forEach(ports::add);
        for (InputPort<?> port : ports) {
            List<Input> values = of(history, port, input -> input.content() instanceof Input.Written);
            List<Input> keys = of(history, port, input -> input.key() != null);
            for (int drawn = 1 + random.nextInt(2); drawn > 0 && !values.isEmpty() && !keys.isEmpty(); drawn--) {
                Input value = values.get(random.nextInt(values.size()));
                Input place = keys.get(random.nextInt(keys.size()));
                if (!belongs(value, place.keyText())) {
                    all.add(
                            random.nextInt(all.size() + 1),
                            new Input(0, port, place.key(), value.content(), place.timestamp(), place.around()));
                }
            }
        }
        return all.size() == history.size() ? history : Input.numbered(all);
    }

    private static List<Input> of(List<Input> history, InputPort<?> port, Predicate<Input> which) {
        return history.stream()
                .filter(input -> input.port().equals(port))
                .filter(which)
                .toList();
    }

    /** Whether a value may stand under this key: it came under it, or the port's rule says so. */
    private static boolean belongs(Input value, String key) {
        return value.keyText().equals(key)
                || declared(value.port(), value.content()).filter(key::equals).isPresent();
    }

    private static <V extends IndexedRecord> Optional<String> declared(InputPort<V> port, Input.Content content) {
        return content instanceof Input.Written written && port.type().isInstance(written.value())
                ? port.key().map(rule -> rule.of(port.type().cast(written.value())))
                : Optional.empty();
    }
}

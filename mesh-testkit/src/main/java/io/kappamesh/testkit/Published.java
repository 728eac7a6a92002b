package io.kappamesh.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;

/** What left by one output port: all of it as a table, and what nobody has asked for yet. Not thread-safe. */
final class Published<V> {
    private final Map<String, V> table = new LinkedHashMap<>();
    private List<TestRecord<String, V>> pending = new ArrayList<>();

    void add(List<TestRecord<String, V>> records) {
        pending.addAll(records);
        for (TestRecord<String, V> record : records) {
            if (record.value() == null) {
                table.remove(record.key());
            } else {
                table.put(record.key(), record.value());
            }
        }
    }

    List<TestRecord<String, V>> drain() {
        List<TestRecord<String, V>> drained = List.copyOf(pending);
        pending = new ArrayList<>();
        return drained;
    }

    Map<String, V> table() {
        return new LinkedHashMap<>(table);
    }
}

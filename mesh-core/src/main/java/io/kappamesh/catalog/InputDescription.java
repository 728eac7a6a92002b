package io.kappamesh.catalog;

import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.SourcePort;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a product reads. An immutable value.
 *
 * @param address the owner's port
 * @param kind {@code table} or {@code events}
 * @param topic that holds it: the address, unless it is a source that has another name
 * @param source what a private source of the product's own domain tells; null = it is a published port
 * @param keys where the keys of a source's records come from: {@link #TEXT}, {@link #VALUE} or {@link #FORMAT}; null = it is a published port, whose keys are text, or
 *     it is not known, because an earlier version wrote it
 * @param needs the schema and the rules with which the product reads it
 */
public record InputDescription(
        String address,
        String kind,
        String topic,
        @Nullable String source,
        @Nullable String keys,
        RecordDescription needs) {
    /** A record's key is its own, as text in UTF-8. */
    public static final String TEXT = "text";

    /** A record's key is computed from its value, whatever its own key is; of which field, {@link RecordDescription#keyField} says. */
    public static final String VALUE = "value";

    /** A record's key is its own, in another format than text. */
    public static final String FORMAT = "format";

    public InputDescription {
        PortAddress unused = PortAddress.of(Wire.require(address, "address"));
        Wire.require(kind, "kind");
        Wire.require(topic, "topic");
        Wire.require(needs, "needs");
    }

    static InputDescription of(InputPort<?> port, Map<PortAddress, Integer> schemaIds) {
        return new InputDescription(
                port.address().toString(),
                port.kind().name().toLowerCase(Locale.ROOT),
                port.topic(),
                port.source().map(source -> source.contract().description()).orElse(null),
                port.source().map(InputDescription::keys).orElse(null),
                RecordDescription.of(
                        port.source().isPresent() ? schemaIds.get(port.address()) : null,
                        port.reader(),
                        port.eventTime(),
                        port.key(),
                        port.rules(),
                        port.maxRecordBytes()));
    }

    private static String keys(SourcePort<?> source) {
        return source.isKeyedByValue() ? VALUE : source.keys().isPresent() ? FORMAT : TEXT;
    }

    InputDescription withoutSchema() {
        return new InputDescription(address, kind, topic, source, keys, needs.withoutSchema());
    }
}

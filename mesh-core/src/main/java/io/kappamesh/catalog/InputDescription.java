package io.kappamesh.catalog;

import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortAddress;
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
 * @param needs the schema and the rules with which the product reads it
 */
public record InputDescription(
        String address, String kind, String topic, @Nullable String source, RecordDescription needs) {

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
                RecordDescription.of(
                        port.source().isPresent() ? schemaIds.get(port.address()) : null,
                        port.reader(),
                        port.eventTime(),
                        port.key(),
                        port.rules(),
                        port.maxRecordBytes()));
    }

    InputDescription withoutSchema() {
        return new InputDescription(address, kind, topic, source, needs.withoutSchema());
    }
}

package io.kappamesh.catalog;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.ServiceLevels;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port that a product publishes. An immutable value.
 *
 * @param address the topic, with the contract's major version
 * @param kind {@code table} or {@code events}
 * @param description what the port tells
 * @param records what holds for each record
 * @param partitions of the topic
 * @param levels what its owner promises of its service; null = it is not known
 */
public record OutputDescription(
        String address,
        String kind,
        String description,
        RecordDescription records,
        int partitions,
        @Nullable Levels levels) {

    /**
     * Durations in ISO-8601.
     *
     * @param freshness how far the port may be behind its inputs while live
     * @param retention for how long records are kept, in event time; null = forever
     * @param lookBack how far before a value's event time the records lie that decide about it; null = there is no limit
     */
    public record Levels(
            String freshness,
            @Nullable String retention,
            @Nullable String lookBack) {
        public Levels {
            Duration unused = Duration.parse(Wire.require(freshness, "freshness"));
        }

        static Levels of(ServiceLevels levels) {
            return new Levels(
                    levels.freshness().toString(),
                    levels.retention().map(Duration::toString).orElse(null),
                    levels.lookBack().map(Duration::toString).orElse(null));
        }
    }

    public OutputDescription {
        PortAddress unused = PortAddress.of(Wire.require(address, "address"));
        Wire.require(kind, "kind");
        Wire.require(description, "description");
        Wire.require(records, "records");
    }

    /**
     * As it is declared.
     *
     * @param schemaIds of the ports whose schemas are registered
     */
    public static OutputDescription of(OutputPort<?> port, Map<PortAddress, Integer> schemaIds) {
        PortContract<?> contract = port.contract();
        return new OutputDescription(
                port.address().toString(),
                contract.kind().name().toLowerCase(Locale.ROOT),
                contract.description(),
                RecordDescription.of(
                        schemaIds.get(port.address()),
                        contract.schema(),
                        contract.eventTime(),
                        contract.key(),
                        contract.rules(),
                        contract.maxRecordBytes()),
                contract.partitions(),
                Levels.of(contract.levels()));
    }

    OutputDescription withoutSchema() {
        return new OutputDescription(address, kind, description, records.withoutSchema(), partitions, levels);
    }
}

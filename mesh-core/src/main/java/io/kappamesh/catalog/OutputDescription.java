package io.kappamesh.catalog;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.PortContract;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.level.Indicator;
import io.kappamesh.level.Objective;
import io.kappamesh.level.ServiceLevels;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param succession how it stands to other major versions of the port; null = nothing is declared
 */
public record OutputDescription(
        String address,
        String kind,
        String description,
        RecordDescription records,
        int partitions,
        @Nullable Levels levels,
        @Nullable Succession succession) {

    /**
     * How a port stands to other major versions.
     *
     * @param convertedFrom the address of the later version from which it is computed; null = from none
     * @param deprecation when it ends and what comes instead; null = it is not deprecated
     */
    public record Succession(
            @Nullable String convertedFrom, @Nullable Ending deprecation) {
        static @Nullable Succession of(OutputPort<?> port) {
            @Nullable String from = port.later().map(PortAddress::toString).orElse(null);
            @Nullable
            Ending ending = port.deprecation()
                    .map(end -> new Ending(
                            end.successor().toString(), end.endOfLife().toString()))
                    .orElse(null);
            return from == null && ending == null ? null : new Succession(from, ending);
        }
    }

    /**
     * That a port is going to end.
     *
     * @param successor the address of the port to read instead
     * @param endOfLife the day from which on it may be retired, as {@code 2027-06-30}
     */
    public record Ending(String successor, String endOfLife) {
        public Ending {
            PortAddress unused = PortAddress.of(Wire.require(successor, "successor"));
            LocalDate unusedDay = LocalDate.parse(Wire.require(endOfLife, "endOfLife"));
        }

        /** For whoever reads the port: {@code is deprecated: read sales.orders.v2 instead, before 2027-06-30}. */
        public String sentence() {
            return "is deprecated: read " + successor + " instead, before " + endOfLife;
        }
    }

    /**
     * Durations in ISO-8601.
     *
     * @param freshness how far the port may be behind its inputs while live
     * @param retention for how long records are kept, in event time; null = forever
     * @param lookBack how far before a value's event time the records lie that decide about it; null = there is no limit
     * @param objectives what is measured; empty = it is not known
     */
    public record Levels(
            String freshness,
            @Nullable String retention,
            @Nullable String lookBack,
            List<Promised> objectives) {
        public Levels {
            objectives = Wire.list(objectives);
            Duration unused = Duration.parse(Wire.require(freshness, "freshness"));
            Stream.of(Optional.ofNullable(retention), Optional.ofNullable(lookBack))
                    .flatMap(Optional::stream)
                    .forEach(Duration::parse);
        }

        static Levels of(ServiceLevels levels) {
            return new Levels(
                    levels.freshness().toString(),
                    levels.retention().map(Duration::toString).orElse(null),
                    levels.lookBack().map(Duration::toString).orElse(null),
                    levels.objectives().stream().map(Promised::of).toList());
        }
    }

    /**
     * An objective of the port's service.
     *
     * @param indicator {@code freshness}
     * @param target the share that is to be good
     * @param days the window
     * @param within how late is good, in ISO-8601; null = it says nothing of time
     * @param atLeast how many records a day are good; null = it says nothing of numbers
     * @param atMost how many records a day are good at the most
     */
    public record Promised(
            String indicator,
            double target,
            int days,
            @Nullable String within,
            @Nullable Long atLeast,
            @Nullable Long atMost) {
        public Promised {
            Wire.require(indicator, "indicator");
        }

        static Promised of(Objective objective) {
            return new Promised(
                    objective.indicator().text(),
                    objective.target(),
                    objective.days(),
                    objective.within().map(Duration::toString).orElse(null),
                    objective.perDay().map(Objective.Range::atLeast).orElse(null),
                    objective.perDay().map(Objective.Range::atMost).orElse(null));
        }

        /** As it was declared; empty = a later version of the library has declared it, in a way that this one does not know. */
        public Optional<Objective> objective() {
            try {
                return Arrays.stream(Indicator.values())
                        .filter(known -> known.text().equals(indicator))
                        .findFirst()
                        .map(known -> new Objective(
                                known,
                                target,
                                days,
                                Optional.ofNullable(within).map(Duration::parse),
                                atLeast == null || atMost == null
                                        ? Optional.empty()
                                        : Optional.of(new Objective.Range(atLeast, atMost))));
            } catch (DateTimeException | DeclarationException ofAnotherVersion) {
                return Optional.empty();
            }
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
                Levels.of(contract.levels()),
                Succession.of(port));
    }

    /** The later major version from which it is converted; empty = from none. */
    public Optional<String> convertedFrom() {
        return Optional.ofNullable(succession).map(Succession::convertedFrom);
    }

    /** When it ends and what comes instead; empty = it is not deprecated. */
    public Optional<Ending> ending() {
        return Optional.ofNullable(succession).map(Succession::deprecation);
    }

    /** What is measured of it, as far as this version of the library knows it. */
    public List<Objective> objectives() {
        return levels == null
                ? List.of()
                : levels.objectives().stream()
                        .flatMap(one -> one.objective().stream())
                        .toList();
    }

    OutputDescription withoutSchema() {
        return new OutputDescription(
                address, kind, description, records.withoutSchema(), partitions, levels, succession);
    }
}

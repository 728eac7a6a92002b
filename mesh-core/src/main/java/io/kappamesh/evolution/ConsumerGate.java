package io.kappamesh.evolution;

import io.kappamesh.avro.SchemaResolution;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.registry.SchemaBreach;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compares a port with what one product needs of it: whether its reader's schema takes the data, and whether what it declares of key, kind
 * and size still holds that held so far. Stateless.
 */
public final class ConsumerGate {
    private final String consumer;
    private final InputDescription needs;

    /**
     * @param consumer the product that reads
     * @param needs what it needs of the port
     */
    public ConsumerGate(String consumer, InputDescription needs) {
        this.consumer = consumer;
        this.needs = needs;
    }

    /**
     * What a change of the port breaks for the reader; empty = nothing.
     *
     * @param before what the port promises so far; null = it is not known
     * @param declared what it is going to promise
     */
    public List<Breach> breaches(@Nullable OutputDescription before, OutputDescription declared) {
        List<Breach> breaches = new ArrayList<>(schema(declared));
        if (before == null) {
            return breaches;
        }
        lost(
                "key",
                needs.needs().key(),
                before.records().key(),
                declared.records().key(),
                "keep the key: it refuses records under another one",
                breaches);
        lost(
                "event-time",
                needs.needs().eventTime(),
                before.records().eventTime(),
                declared.records().eventTime(),
                "keep the field: it goes by that time",
                breaches);
        lost(
                "kind",
                needs.kind(),
                before.kind(),
                declared.kind(),
                "declare the port as it was: it is read as " + needs.kind(),
                breaches);
        lost(
                "partitions",
                before.partitions(),
                before.partitions(),
                declared.partitions(),
                "keep the number: keys would move to other partitions than those it has them in",
                breaches);
        grows(before, declared, breaches);
        return breaches;
    }

    private List<Breach> schema(OutputDescription declared) {
        Optional<Schema> reader = Schemas.of(needs.needs());
        Optional<Schema> writer = Schemas.of(declared.records());
        if (reader.isEmpty() || writer.isEmpty()) {
            return List.of();
        }
        return SchemaResolution.of(reader.get(), writer.get()).findings().stream()
                .map(gap -> new Breach(
                        declared.address(),
                        consumer,
                        gap.path(),
                        gap.rule().id(),
                        "new data, read with its schema: " + gap.sentence(),
                        new SchemaBreach(gap, false).remedy() + ", or let it read without that first"))
                .toList();
    }

    /** Only what held so far can be lost. */
    private void lost(
            String rule,
            @Nullable Object needed,
            @Nullable Object before,
            @Nullable Object now,
            String remedy,
            List<Breach> breaches) {
        if (needed != null && needed.equals(before) && !Objects.equals(before, now)) {
            breaches.add(new Breach(
                    needs.address(),
                    consumer,
                    null,
                    rule,
                    "its %s was %s and is %s".formatted(rule.replace('-', ' '), before, now == null ? "none" : now),
                    remedy));
        }
    }

    private void grows(OutputDescription before, OutputDescription declared, List<Breach> breaches) {
        int limit = needs.needs().maxBytes();
        if (before.records().maxBytes() <= limit && declared.records().maxBytes() > limit) {
            breaches.add(new Breach(
                    needs.address(),
                    consumer,
                    null,
                    "record-size",
                    "records may have %d bytes, and had at most %d"
                            .formatted(
                                    declared.records().maxBytes(),
                                    before.records().maxBytes()),
                    "keep the limit, or let it take more first: it takes " + limit + " (maxRecordBytes(…))"));
        }
    }

    /** What the reader loses with a port that is not published any more. */
    public Breach withoutPort() {
        return new Breach(
                needs.address(),
                consumer,
                null,
                "port-dropped",
                "it is not published any more",
                "go on publishing it until nobody reads it");
    }
}

package io.kappamesh.registry;

import io.kappamesh.Internal;
import io.kappamesh.avro.SchemaResolution;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** What a new version of a schema has to keep to, towards every earlier version. The names are the registry's own levels. */
public enum Compatibility {
    /** Whoever has the new schema reads all data there is. What a port needs whose readers replay it. */
    BACKWARD_TRANSITIVE(true, false),
    /** Whoever still has an old schema reads new data. */
    FORWARD_TRANSITIVE(false, true),
    /** Both: readers and writers may be upgraded in any order. */
    FULL_TRANSITIVE(true, true),
    /** Nothing is promised. */
    NONE(false, false);

    private final boolean backward;
    private final boolean forward;

    Compatibility(boolean backward, boolean forward) {
        this.backward = backward;
        this.forward = forward;
    }

    /** What the candidate breaks towards one version, in plain words; empty if nothing. */
    public List<String> broken(Schema candidate, RegisteredSchema existing) {
        return breaches(candidate, existing.schema()).stream()
                .map(breach -> breach.sentence("version " + existing.version(), "the new schema"))
                .toList();
    }

    /**
     * Where the candidate cannot read its own data, such as two decimals in one union.
     *
     * @param known what it breaks towards earlier schemas, which is not said again
     */
    @Internal
    public List<SchemaBreach> breachesByItself(Schema candidate, List<SchemaBreach> known) {
        return !backward && !forward
                ? List.of()
                : BACKWARD_TRANSITIVE.breaches(candidate, candidate).stream()
                        .filter(breach -> known.stream().noneMatch(breach::isLike))
                        .toList();
    }

    /** What the candidate breaks towards an earlier schema; empty if nothing. The one verdict of builds and of starts. */
    @Internal
    public List<SchemaBreach> breaches(Schema candidate, Schema existing) {
        List<SchemaBreach> breaches = new ArrayList<>();
        if (backward) {
            SchemaResolution.of(candidate, existing)
                    .findings()
                    .forEach(gap -> breaches.add(new SchemaBreach(gap, true)));
        }
        if (forward) {
            SchemaResolution.of(existing, candidate)
                    .findings()
                    .forEach(gap -> breaches.add(new SchemaBreach(gap, false)));
        }
        return breaches;
    }
}

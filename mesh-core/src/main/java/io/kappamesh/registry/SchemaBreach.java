package io.kappamesh.registry;

import io.kappamesh.Internal;
import io.kappamesh.schema.SchemaGap;

/**
 * What a new schema breaks towards an earlier one.
 *
 * @param gap where, and by which rule
 * @param ofNewReader whether the new schema cannot read earlier data; otherwise earlier schemas cannot read new data
 */
@Internal
public record SchemaBreach(SchemaGap gap, boolean ofNewReader) {

    /**
     * Where, both versions, the rule and the way out.
     *
     * @param earlier name of the earlier one: {@code version 3}
     * @param later name of the new one
     */
    public String sentence(String earlier, String later) {
        return "%s: %s [%s]; %s"
                .formatted(between(earlier, later), gap.sentence(), gap.rule().id(), remedy());
    }

    /** Whether another one is about the same place and rule. */
    public boolean isLike(SchemaBreach other) {
        return gap.path().equals(other.gap.path()) && gap.rule() == other.gap.rule();
    }

    /** Whose data is read with whose schema. */
    public String between(String earlier, String later) {
        return ofNewReader
                ? "data of %s, read with %s".formatted(earlier, later)
                : "%s, read with the schema of %s"
                        .formatted(later.equals("the new schema") ? "new data" : "data of " + later, earlier);
    }

    /** What to do, other than publishing a new major version. */
    public String remedy() {
        return ofNewReader ? SchemaRemedies.ofNewReader(gap.rule()) : SchemaRemedies.ofNewData(gap.rule());
    }
}

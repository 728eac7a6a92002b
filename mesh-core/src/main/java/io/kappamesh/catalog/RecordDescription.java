package io.kappamesh.catalog;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.registry.PortableSchema;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.time.EventTime;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What holds for each record of a port, or what a reader needs of it. An immutable value.
 *
 * @param schemaId under which the schema stands in the registry; null = it is not known, or it is a reader's
 * @param schema in Avro's JSON, with the documentation of each field; null = it is too large to stand here
 * @param eventTime the field that carries event time; null = none does
 * @param key what the key of each record is; null = nothing is said of it
 * @param keyField the field whose text is the key; null = it is another function of the value, or it is not known
 * @param rules what holds besides
 * @param maxBytes the largest serialized value in bytes
 */
public record RecordDescription(
        @Nullable Integer schemaId,
        @Nullable String schema,
        @Nullable String eventTime,
        @Nullable String key,
        @Nullable String keyField,
        List<Rule> rules,
        int maxBytes) {

    /**
     * @param name short and stable
     * @param description what holds
     * @param condition the text of a {@link Condition}; null = the rule is a function in its declarer's code
     * @param policy what becomes of a record for which it does not hold, such as {@code warn}; null = it is a dead letter
     */
    public record Rule(
            String name,
            String description,
            @Nullable String condition,
            @Nullable String policy) {
        public Rule {
            Wire.require(name, "name");
            Wire.require(description, "description");
        }

        /** What becomes of a record; what this version does not know is taken for the usual one. */
        public RulePolicy action() {
            try {
                return policy == null ? RulePolicy.DEAD_LETTER : RulePolicy.of(policy);
            } catch (IllegalArgumentException ofAnotherVersion) {
                return RulePolicy.DEAD_LETTER;
            }
        }
    }

    public RecordDescription {
        rules = Wire.list(rules);
    }

    static RecordDescription of(
            @Nullable Integer schemaId,
            Schema schema,
            EventTime eventTime,
            Optional<? extends KeyRule<?>> key,
            List<? extends QualityRule<?>> rules,
            int maxBytes) {
        return new RecordDescription(
                schemaId,
                PortableSchema.of(schema).toString(),
                eventTime.field().orElse(null),
                key.map(KeyRule::description).orElse(null),
                key.flatMap(KeyRule::field).orElse(null),
                rules.stream()
                        .map(rule -> new Rule(
                                rule.name(),
                                rule.description(),
                                rule.holds() instanceof Condition condition ? condition.toString() : null,
                                rule.policy() == RulePolicy.DEAD_LETTER
                                        ? null
                                        : rule.policy().text()))
                        .toList(),
                maxBytes);
    }

    RecordDescription withoutSchema() {
        return new RecordDescription(schemaId, null, eventTime, key, keyField, rules, maxBytes);
    }
}

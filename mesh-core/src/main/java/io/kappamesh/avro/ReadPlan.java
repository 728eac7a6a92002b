package io.kappamesh.avro;

import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the data of one writer's schema become values of a reader's schema. {@link SchemaResolution} makes plans and nothing else does: the
 * compatibility gate asks a plan for its gaps, and {@link ValueReaders} execute it.
 */
sealed interface ReadPlan {

    /** The reader's schema and the data's have one type: a primitive, or a fixed of one size. */
    record Same(Schema reader) implements ReadPlan {}

    /** The reader's type takes every value of the data's type, or refuses those that it cannot hold exactly. */
    record Promoted(Schema reader, Schema.Type from) implements ReadPlan {}

    /** @param symbols the reader's symbol for each of the data's; null where it has none and no default */
    record Symbols(Schema reader, List<@Nullable String> symbols) implements ReadPlan {}

    /** An array. */
    record Items(Schema reader, ReadPlan item) implements ReadPlan {}

    /** A map. */
    record Values(Schema reader, ReadPlan value) implements ReadPlan {}

    /** The data are a union: one plan per branch. */
    record Branches(List<ReadPlan> branches) implements ReadPlan {}

    /** What cannot be read. The reason stands among {@link SchemaResolution#gaps()}. */
    record Gap() implements ReadPlan {}

    /**
     * One field of the data.
     *
     * @param name in the data
     * @param writer what to skip if nobody reads it
     * @param reader the field that it goes to; null = it is skipped
     */
    record Step(String name, Schema writer, Schema.@Nullable Field reader, ReadPlan plan) {}

    /** A record. Its fields are known after it is made, because it may be inside itself. */
    final class Fields implements ReadPlan {
        private final Schema reader;
        private List<Step> steps = List.of();
        private List<Schema.Field> defaults = List.of();
        private boolean readable = true;

        Fields(Schema reader) {
            this.reader = reader;
        }

        /**
         * Completes the plan.
         *
         * @param inData one step per field of the data, in their order
         * @param missing the reader's fields that the data do not have
         * @param complete false if a field has no value at all
         */
        void complete(List<Step> inData, List<Schema.Field> missing, boolean complete) {
            steps = List.copyOf(inData);
            defaults = List.copyOf(missing);
            readable = complete;
        }

        Schema reader() {
            return reader;
        }

        List<Step> steps() {
            return steps;
        }

        List<Schema.Field> defaults() {
            return defaults;
        }

        boolean readable() {
            return readable;
        }
    }
}

package io.kappamesh.contract;

import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.declaration.Declared;
import io.kappamesh.declaration.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A data product: the unit of ownership, deployment and replay. Immutable and thread-safe.
 *
 * @param name {@code sales.orders}
 * @param owner the team that owns it, and its contact
 * @param description what it offers, for a reader of the catalogue
 * @param inputs what it reads, in the order of declaration
 * @param outputs what it publishes, in the order of declaration; all of its own domain
 * @param exemptions deliberate exceptions from the rules that keep a replay equal to live
 */
public record DataProduct(
        ProductName name,
        Owner owner,
        String description,
        List<InputPort<?>> inputs,
        List<OutputPort<?>> outputs,
        List<Exemption> exemptions) {

    public DataProduct {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        exemptions = List.copyOf(exemptions);
        Problems problems = new Problems("product " + name);
        problems.unless(
                !description.isBlank(), "a description is missing; say in describedAs(…) what the product offers");
        problems.unless(!inputs.isEmpty(), "it reads nothing; declare reads(…)");
        problems.unless(!outputs.isEmpty(), "it publishes nothing; declare publishes(…)");
        Set<PortAddress> seen = new HashSet<>();
        for (OutputPort<?> output : outputs) {
            problems.unless(seen.add(output.address()), "publishes " + output.address() + " twice");
            problems.unless(
                    output.address().domain().equals(name.domain()),
                    "publishes " + output.address() + ", but everything a domain writes begins with its name; call it "
                            + name.domain() + "." + output.address().name());
        }
        for (InputPort<?> input : inputs) {
            problems.unless(
                    seen.add(input.address()), "reads " + input.address() + " twice, or reads what it publishes");
            input.source()
                    .ifPresent(source -> problems.unless(
                            source.address().domain().equals(name.domain()),
                            "reads the private source " + source.address()
                                    + " of another domain; read one of its output ports"));
        }
        for (int first = 0; first < inputs.size(); first++) {
            for (InputPort<?> other : inputs.subList(first + 1, inputs.size())) {
                sharing(inputs.get(first), other).ifPresent(problem -> problems.unless(false, problem));
            }
        }
        problems.throwIfAny();
    }

    /** Why two ports cannot share their common topics; empty = they can, or have none in common. */
    private static Optional<String> sharing(InputPort<?> one, InputPort<?> other) {
        Set<String> both = new TreeSet<>(one.topics());
        both.retainAll(other.topics());
        if (both.isEmpty()) {
            return Optional.empty();
        }
        String shared = "reads topic " + String.join(", ", both) + " by two ports, " + one.address() + " and "
                + other.address();
        if (one.isCorrectable() || other.isCorrectable()) {
            return Optional.of(shared
                    + ", which only sources of final facts can share; declare both with SourcePort.events(…), or read each in"
                    + " a product of its own");
        }
        return both.size() == one.topics().size()
                        && both.size() == other.topics().size()
                ? Optional.empty()
                : Optional.of(shared + ", of which one reads other topics too; let both read the same ones");
    }

    /** Whether another port of the product reads the topics of this one. */
    @Internal
    public boolean sharesTopics(InputPort<?> port) {
        return inputs.stream()
                .anyMatch(other -> !other.equals(port) && !Collections.disjoint(other.topics(), port.topics()));
    }

    /** The ports that this product declares itself: its private sources and its outputs. */
    public List<OwnedPort<?>> ownedPorts() {
        List<OwnedPort<?>> owned = new ArrayList<>();
        inputs.forEach(input -> input.source().ifPresent(owned::add));
        owned.addAll(outputs);
        return List.copyOf(owned);
    }

    /** Begins a declaration; {@link Builder#build()} reports every problem at once. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects a declaration. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final List<ReadablePort<?>> inputs = new ArrayList<>();
        private final List<OutputPort<?>> outputs = new ArrayList<>();
        private final List<Exemption> exemptions = new ArrayList<>();
        private @Nullable Owner owner;
        private String description = "";

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Who owns the product. Required.
         *
         * @param team such as {@code billing}
         * @param contact where to reach the team, such as an e-mail address
         */
        public Builder ownedBy(String team, String contact) {
            this.owner = new Owner(team, contact);
            return this;
        }

        /** What the product offers, in a sentence. Required. */
        public Builder describedAs(String description) {
            this.description = description;
            return this;
        }

        /** Adds a port that the product reads: a port of its own domain, or an {@link InputPort} of another domain. */
        public Builder reads(ReadablePort<?> input) {
            inputs.add(input);
            return this;
        }

        /** Adds an output port that the product publishes. Its name begins with the domain of the product. */
        public Builder publishes(OutputPort<?> output) {
            outputs.add(output);
            return this;
        }

        /**
         * Exempts a place from a rule of the linter. The product's status, plan and log show the exemption. An exemption that matches nothing
         * is a finding itself.
         *
         * @param rule the id of the rule, as the finding names it
         * @param where the processor, store, setting or {@code Class.method}, as the finding names it
         * @param reason why a replay gives the same result nevertheless
         * @throws DeclarationException when an argument is blank
         */
        public Builder exempts(String rule, String where, String reason) {
            exemptions.add(new Exemption(rule, where, reason));
            return this;
        }

        /**
         * Builds the product.
         *
         * @throws DeclarationException with all problems of the declaration and of its ports
         */
        public DataProduct build() {
            ProductName parsed = ProductName.of(name);
            if (owner == null) {
                throw new DeclarationException(
                        List.of("product " + name + ": it has no owner; name the team and its contact in ownedBy(…)"));
            }
            List<String> problems = new ArrayList<>();
            outputs.forEach(output -> Declared.attempt(problems, output::contract));
            List<InputPort<?>> read = new ArrayList<>();
            for (ReadablePort<?> input : inputs) {
                if (Declared.attempt(problems, input::address) != null) {
                    read.add(input.asInput());
                }
            }
            if (!problems.isEmpty()) {
                throw new DeclarationException(problems);
            }
            return new DataProduct(parsed, owner, description, read, outputs, exemptions);
        }
    }
}

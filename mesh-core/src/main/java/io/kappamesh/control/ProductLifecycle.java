package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided about a product's generations, in one control record, so that it changes as a whole. An immutable value.
 *
 * @param product {@code sales.orders}
 * @param generations all there ever were, by number
 * @param cut the order to stand still that holds now; null = none
 */
public record ProductLifecycle(
        String product,
        List<GenerationRecord> generations,
        @Nullable Cut cut) {

    public ProductLifecycle {
        generations = List.copyOf(generations);
    }

    /** Of a product that never ran. */
    public static ProductLifecycle empty(ProductName product) {
        return new ProductLifecycle(product.toString(), List.of(), null);
    }

    public ProductName name() {
        return ProductName.of(product);
    }

    /** The generation of a number. */
    public Optional<GenerationRecord> generation(int number) {
        return generations.stream().filter(one -> one.number() == number).findFirst();
    }

    /** The generation that writes the public topics; empty before the first start. */
    public Optional<GenerationRecord> serving() {
        return generations.stream().filter(one -> one.role() == Role.SERVING).findFirst();
    }

    /** The generations that are not retired, by number. */
    public List<GenerationRecord> live() {
        return generations.stream().filter(one -> one.role() != Role.RETIRED).toList();
    }

    /** Candidates, the newest last. */
    public List<GenerationRecord> candidates() {
        return generations.stream().filter(one -> one.role() == Role.CANDIDATE).toList();
    }

    /** The number of the next generation. */
    public int nextNumber() {
        return generations.stream().mapToInt(GenerationRecord::number).max().orElse(0) + 1;
    }

    /** The role of a generation; a number never heard of has none. */
    public Optional<Role> role(int number) {
        return generation(number).map(GenerationRecord::role);
    }

    /** With one more generation. */
    public ProductLifecycle with(GenerationRecord added) {
        List<GenerationRecord> all = new ArrayList<>(generations);
        all.add(added);
        return new ProductLifecycle(product, all, cut);
    }

    /** With a generation changed. */
    public ProductLifecycle change(int number, UnaryOperator<GenerationRecord> how) {
        return new ProductLifecycle(
                product,
                generations.stream()
                        .<GenerationRecord>map(one -> one.number() == number ? how.apply(one) : one)
                        .toList(),
                cut);
    }

    /** With this order to stand still, or, with null, none. */
    public ProductLifecycle cut(@Nullable Cut order) {
        return new ProductLifecycle(product, generations, order);
    }

    /**
     * With a generation that another build computes from now on. What candidates were compared with is not what serves then, so that
     * every comparison is void when it is the serving one.
     *
     * @param at when, ISO-8601 in UTC
     */
    public ProductLifecycle adopted(int number, String build, String at) {
        ProductLifecycle adopted = change(number, one -> one.adoptedBy(build, at));
        if (!role(number).equals(Optional.of(Role.SERVING))) {
            return adopted;
        }
        return new ProductLifecycle(
                product,
                adopted.generations.stream()
                        .<GenerationRecord>map(one -> one.verified(null))
                        .toList(),
                cut);
    }

    /** The candidate that is on its way to replace what serves, and never served before; the newest. */
    public Optional<GenerationRecord> underWay() {
        return candidates().stream().filter(one -> !one.served()).reduce((older, newer) -> newer);
    }

    /** Without the order to stand still of this id, as when whoever gave it is not heard of any more; any other order holds on. */
    public ProductLifecycle released(String cutId) {
        return cut != null && cut.id().equals(cutId) ? cut(null) : this;
    }

    /** Roles exchanged, and nobody stands still any more. */
    public ProductLifecycle promoted(int from, int to) {
        return change(from, one -> one.as(Role.CANDIDATE))
                .change(to, one -> one.as(Role.SERVING))
                .cut(null);
    }
}

package io.kappamesh.generation;

import io.kappamesh.Internal;
import io.kappamesh.contract.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided about a product's generations, in one control record, so that it changes as a whole. An immutable value.
 * Of generations that were retired long ago it keeps the numbers, which are never used again, and no more: it must not grow forever.
 *
 * @param product {@code sales.orders}
 * @param generations those that are not retired and the twenty that were retired last, by number
 * @param cut the order to pause that holds now; null = none
 * @param past the numbers of all others there ever were
 * @param retiredPorts ports that the product published, and that nobody may rely on any more
 */
@Internal
public record ProductLifecycle(
        String product,
        List<GenerationRecord> generations,
        @Nullable Cut cut,
        List<GenerationNumbers> past,
        List<RetiredPort> retiredPorts) {
    private static final int RETIRED_KEPT = 20;

    public ProductLifecycle {
        // Lifecycles of before generations were folded have none in their records.
        past = Objects.requireNonNullElse(past, List.of());
        // Nor have those of before ports could be retired.
        retiredPorts = List.copyOf(Objects.requireNonNullElse(retiredPorts, List.of()));
        List<Integer> folded = folded(generations);
        past = folded.isEmpty() ? List.copyOf(past) : GenerationNumbers.with(past, folded);
        generations = generations.stream()
                .filter(one -> !folded.contains(one.number()))
                .toList();
    }

    /** Of which all generations are known. */
    public ProductLifecycle(String product, List<GenerationRecord> generations, @Nullable Cut cut) {
        this(product, generations, cut, List.of(), List.of());
    }

    private ProductLifecycle with(List<GenerationRecord> all) {
        return new ProductLifecycle(product, all, cut, past, retiredPorts);
    }

    /** Of a product that never ran. */
    public static ProductLifecycle empty(ProductName product) {
        return new ProductLifecycle(product.toString(), List.of(), null);
    }

    private static List<Integer> folded(List<GenerationRecord> generations) {
        List<Integer> retired = generations.stream()
                .filter(one -> one.role() == Role.RETIRED)
                .map(GenerationRecord::number)
                .sorted()
                .toList();
        return retired.subList(0, Math.max(0, retired.size() - RETIRED_KEPT));
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
        int newest =
                generations.stream().mapToInt(GenerationRecord::number).max().orElse(0);
        return Math.max(
                        newest,
                        past.stream().mapToInt(GenerationNumbers::to).max().orElse(0))
                + 1;
    }

    /** The role of a generation; a number never heard of has none. */
    public Optional<Role> role(int number) {
        return past.stream().anyMatch(numbers -> numbers.contains(number))
                ? Optional.of(Role.RETIRED)
                : generation(number).map(GenerationRecord::role);
    }

    /** With one more generation. */
    public ProductLifecycle with(GenerationRecord added) {
        List<GenerationRecord> all = new ArrayList<>(generations);
        all.add(added);
        return with(all);
    }

    /** With a generation changed. */
    public ProductLifecycle change(int number, UnaryOperator<GenerationRecord> how) {
        return with(generations.stream()
                .<GenerationRecord>map(one -> one.number() == number ? how.apply(one) : one)
                .toList());
    }

    /** With this order to pause, or, with null, none. */
    public ProductLifecycle cut(@Nullable Cut order) {
        return new ProductLifecycle(product, generations, order, past, retiredPorts);
    }

    /**
     * With a generation that another build computes from now on. What candidates were compared with is not the serving generation then, so that
     * every comparison is void when it is the serving one.
     *
     * @param at when, ISO-8601 in UTC
     */
    public ProductLifecycle adopted(int number, String build, String at) {
        ProductLifecycle adopted = change(number, one -> one.adoptedBy(build, at));
        if (!role(number).equals(Optional.of(Role.SERVING))) {
            return adopted;
        }
        return with(adopted.generations.stream()
                .<GenerationRecord>map(one -> one.verified(null))
                .toList());
    }

    /** With numbers that are never to be used again. */
    public ProductLifecycle withPast(Collection<Integer> numbers) {
        return new ProductLifecycle(product, generations, cut, GenerationNumbers.with(past, numbers), retiredPorts);
    }

    /**
     * What was {@linkplain GenerationRecord#recovered recovered} is identified: a build that fits the state of a generation goes on with
     * it, and so tells what all of them read and wrote.
     */
    public ProductLifecycle identified(int number, GenerationRecord like) {
        return with(generations.stream()
                .<GenerationRecord>map(one -> one.identified() ? one : one.identifiedAs(like, one.number() == number))
                .toList());
    }

    /** The candidate that is on its way to replace the serving generation, and never served before; the newest. */
    public Optional<GenerationRecord> underWay() {
        return candidates().stream().filter(one -> !one.served()).reduce((older, newer) -> newer);
    }

    /** Without the order to pause of this id, as when whoever gave it is not heard of any more; any other order holds on. */
    public ProductLifecycle released(String cutId) {
        return cut != null && cut.id().equals(cutId) ? cut(null) : this;
    }

    /** Roles exchanged, and nobody is paused any more. A retired port whose whole history was promoted is one to rely on again. */
    public ProductLifecycle promoted(int from, int to) {
        ProductLifecycle exchanged = change(from, one -> one.as(Role.CANDIDATE))
                .change(to, one -> one.as(Role.SERVING))
                .cut(null);
        List<String> complete = generation(to).map(GenerationRecord::outputs).orElse(List.of());
        return exchanged.retiredPorts(retiredPorts.stream()
                .filter(one -> !complete.contains(one.port()))
                .toList());
    }

    /** With a port that nobody may rely on any more, in place of what was known of that. */
    public ProductLifecycle retired(RetiredPort port) {
        List<RetiredPort> all = new ArrayList<>(retiredPorts);
        all.removeIf(one -> one.port().equals(port.port()));
        all.add(port);
        return retiredPorts(all);
    }

    private ProductLifecycle retiredPorts(List<RetiredPort> all) {
        return new ProductLifecycle(product, generations, cut, past, all);
    }

    /** That a port was retired; empty = it was not. */
    public Optional<RetiredPort> retiredPort(String port) {
        return retiredPorts.stream().filter(one -> one.port().equals(port)).findFirst();
    }

    /** The ports that a build may not drop, or add, when it goes on with a generation: each has its whole history, or none of it. */
    public Set<String> lasting(Collection<String> outputs) {
        Set<String> lasting = new TreeSet<>(outputs);
        retiredPorts.forEach(one -> lasting.remove(one.port()));
        return lasting;
    }
}

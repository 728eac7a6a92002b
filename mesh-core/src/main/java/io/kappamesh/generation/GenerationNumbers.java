package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Numbers of generations, those without a gap between them together.
 *
 * @param from the first of them
 * @param to the last of them
 */
@Internal
public record GenerationNumbers(int from, int to) {

    /** The same numbers and one or more others, in as few parts as there can be. */
    static List<GenerationNumbers> with(List<GenerationNumbers> some, Collection<Integer> added) {
        TreeSet<Integer> all = new TreeSet<>(added);
        some.forEach(part -> {
            for (int number = part.from; number <= part.to; number++) {
                all.add(number);
            }
        });
        List<GenerationNumbers> parts = new ArrayList<>();
        for (int number : all) {
            GenerationNumbers last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
            if (last != null && last.to + 1 == number) {
                parts.set(parts.size() - 1, new GenerationNumbers(last.from, number));
            } else {
                parts.add(new GenerationNumbers(number, number));
            }
        }
        return List.copyOf(parts);
    }

    boolean contains(int number) {
        return from <= number && number <= to;
    }
}

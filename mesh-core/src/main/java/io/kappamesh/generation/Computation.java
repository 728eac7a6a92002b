package io.kappamesh.generation;

import io.kappamesh.Internal;
import io.kappamesh.contract.Exemption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What computes a generation.
 *
 * @param build which code; another build computes something else
 * @param shape its topology, stores and contracts, a line each, sorted: its state can be continued by the same shape only;
 *     empty of a generation that is retired, and of one that was recovered and is not identified yet
 * @param code what its build is made of; null = that was not written down
 * @param exemptions from which rules of replay its topology is exempt
 * @param adoptions how the generation came to its build: which builds computed it before, the first one first
 */
@Internal
public record Computation(
        String build,
        List<String> shape,
        @Nullable CodeRecord code,
        List<Exemption> exemptions,
        List<Adoption> adoptions) {

    public Computation {
        shape = List.copyOf(shape);
        // Records of before there were any have none.
        exemptions = List.copyOf(Objects.requireNonNullElse(exemptions, List.of()));
        adoptions = List.copyOf(Objects.requireNonNullElse(adoptions, List.of()));
    }

    /** By the build that begins a generation. */
    public static Computation of(String build, List<String> shape, List<Exemption> exemptions) {
        return new Computation(build, shape, null, exemptions, List.of());
    }

    /** The same with what the build is made of. */
    Computation madeOf(@Nullable CodeRecord made) {
        return new Computation(build, shape, made, exemptions, adoptions);
    }

    /** The same, by another build of the same shape from now on. */
    Computation adoptedBy(String other, String at) {
        List<Adoption> all = new ArrayList<>(adoptions);
        all.add(new Adoption(build, at));
        return new Computation(other, shape, null, exemptions, all);
    }

    /** What is kept of it when its generation is retired. */
    Computation retired() {
        return new Computation(build, List.of(), null, exemptions, adoptions);
    }

    /** The same of a recovered generation, by a known build if that one goes on with it. */
    Computation identifiedAs(Computation like, boolean goesOn) {
        return new Computation(
                goesOn ? like.build : build, goesOn ? like.shape : shape, code, like.exemptions, adoptions);
    }
}

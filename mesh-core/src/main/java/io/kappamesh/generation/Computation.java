package io.kappamesh.generation;

import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param fingerprint its topology, stores and contracts, a line each, sorted: only a topology with the same lines can continue its state;
 *     empty of a generation that is retired, and of one that was recovered and is not identified yet
 * @param code what its build is made of; null = that was not written down
 * @param exemptions from which rules of replay its topology is exempt
 * @param adoptions how the generation came to its build: which builds computed it before, the first one first
 */
@Internal
public record Computation(
        String build,
        @JsonProperty("shape") List<String> fingerprint, // its name in control topics that exist
        @Nullable CodeRecord code,
        List<Exemption> exemptions,
        List<Adoption> adoptions) {

    public Computation {
        fingerprint = List.copyOf(fingerprint);
        // Records of before there were any have none.
        exemptions = List.copyOf(Objects.requireNonNullElse(exemptions, List.of()));
        adoptions = List.copyOf(Objects.requireNonNullElse(adoptions, List.of()));
    }

    /** By the build that begins a generation. */
    public static Computation of(String build, List<String> fingerprint, List<Exemption> exemptions) {
        return new Computation(build, fingerprint, null, exemptions, List.of());
    }

    /** The same with what the build is made of. */
    Computation madeOf(@Nullable CodeRecord made) {
        return new Computation(build, fingerprint, made, exemptions, adoptions);
    }

    /** The same, by another build with the same fingerprint from now on. */
    Computation adoptedBy(String other, String at) {
        List<Adoption> all = new ArrayList<>(adoptions);
        all.add(new Adoption(build, at));
        return new Computation(other, fingerprint, null, exemptions, all);
    }

    /** What is kept of it when its generation is retired. */
    Computation retired() {
        return new Computation(build, List.of(), null, exemptions, adoptions);
    }

    /** The same of a recovered generation, by a known build if that one goes on with it. */
    Computation identifiedAs(Computation like, boolean goesOn) {
        return new Computation(
                goesOn ? like.build : build, goesOn ? like.fingerprint : fingerprint, code, like.exemptions, adoptions);
    }
}

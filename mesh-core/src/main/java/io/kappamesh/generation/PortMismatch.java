package io.kappamesh.generation;

import io.kappamesh.Internal;
import io.kappamesh.contract.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why a build cannot go on with a generation, by the ports that it publishes: each port has its whole history, or none of it. An immutable value.
 *
 * @param generation the number of the generation
 * @param added ports that the generation does not have
 * @param gone ports that the build leaves out, and that are not retired
 * @param deleted ports that are retired and whose topics are deleted
 */
@Internal
public record PortMismatch(int generation, Set<String> added, Set<String> gone, Set<String> deleted) {
    public PortMismatch {
        added = new TreeSet<>(added);
        gone = new TreeSet<>(gone);
        deleted = new TreeSet<>(deleted);
    }

    /**
     * Empty = the build may go on, as far as ports are concerned.
     *
     * @param outputs the public topics of the ports of the build
     */
    public static Optional<PortMismatch> of(
            ProductLifecycle now, GenerationRecord generation, Collection<String> outputs) {
        if (!generation.identified()) {
            return Optional.empty();
        }
        Set<String> added = now.lasting(outputs);
        added.removeAll(generation.outputs());
        Set<String> gone = now.lasting(generation.outputs());
        gone.removeAll(outputs);
        Set<String> deleted = new TreeSet<>(outputs);
        deleted.removeIf(
                port -> now.retiredPort(port).filter(RetiredPort::isDeleted).isEmpty());
        deleted.removeAll(generation.outputs());
        return added.isEmpty() && gone.isEmpty() && deleted.isEmpty()
                ? Optional.empty()
                : Optional.of(new PortMismatch(generation.number(), added, gone, deleted));
    }

    /** For whoever starts the build. */
    public String sentence(ProductName product) {
        List<String> why = new ArrayList<>();
        if (!added.isEmpty()) {
            why.add("it adds " + added + ", which would lack all history");
        }
        if (!deleted.isEmpty()) {
            why.add("it publishes " + deleted
                    + ", which is retired and whose topic is deleted, so that it would begin in the middle of"
                    + " the history");
        }
        if (!gone.isEmpty()) {
            why.add("it leaves out " + gone
                    + ", which would miss records if a build with it came back; if nobody is to rely on"
                    + " them any more, run `retire-port` for each");
        }
        return "this build cannot go on as g" + generation + ", because " + String.join(", and ", why)
                + "; otherwise run `replay " + product + "` with this build, and promote what comes out";
    }
}

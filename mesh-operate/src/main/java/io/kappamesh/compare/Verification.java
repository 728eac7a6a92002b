package io.kappamesh.compare;

import java.util.List;

/**
 * What a comparison of a candidate with the generation that serves found, both at one and the same cut. An immutable value, made of what
 * JSON has.
 *
 * @param product {@code sales.orders}
 * @param serving the number of the generation that serves
 * @param candidate the number of the other one
 * @param at when it was made, ISO-8601 in UTC
 * @param expectations the differences that were declared beforehand
 * @param pauseMillis for how long the serving generation was paused for it, in milliseconds
 * @param ports one report per output port of either
 */
public record Verification(
        String product,
        int serving,
        int candidate,
        String at,
        List<String> expectations,
        long pauseMillis,
        List<PortReport> ports) {

    public Verification {
        expectations = List.copyOf(expectations);
        ports = List.copyOf(ports);
    }

    /** Whether nothing differs that was not declared beforehand. */
    public boolean agrees() {
        return ports.stream().allMatch(PortReport::agrees);
    }

    /** The same without values of records, to be kept. */
    public Verification withoutValues() {
        return new Verification(
                product,
                serving,
                candidate,
                at,
                expectations,
                pauseMillis,
                ports.stream().map(Verification::withoutValues).toList());
    }

    private static PortReport withoutValues(PortReport port) {
        return new PortReport(
                port.topic(),
                port.change(),
                port.servingKeys(),
                port.candidateKeys(),
                port.equal(),
                port.changed(),
                port.timestampOnly(),
                port.onlyServing(),
                port.onlyCandidate(),
                port.undecodable(),
                port.expected(),
                port.overtaken(),
                port.horizon(),
                port.fields(),
                List.of());
    }
}

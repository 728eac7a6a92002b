package io.kappamesh.level;

import io.kappamesh.declaration.Problems;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the owner of a port promises about its service.
 *
 * @param freshness how far the port may be behind its inputs while live, positive
 * @param retention for how long records are kept, counted in event time; empty = forever. A table keeps the latest record per
 *     key forever in any case
 * @param lookBack how far before a value's event time the records lie that decide about it, see {@code lookingBack} of a port;
 *     empty = there is no limit
 * @param declared the objectives that the owner has declared, one for each indicator at the most
 */
public record ServiceLevels(
        Duration freshness, Optional<Duration> retention, Optional<Duration> lookBack, List<Objective> declared) {

    /** Fresh within ten seconds, kept forever. */
    public static final ServiceLevels DEFAULT =
            new ServiceLevels(Duration.ofSeconds(10), Optional.empty(), Optional.empty(), List.of());

    private static final double USUALLY_FRESH = 0.99;

    public ServiceLevels {
        declared = List.copyOf(declared);
        Problems problems = new Problems("service levels");
        problems.unless(
                !freshness.isNegative() && !freshness.isZero(), "freshness must be positive but was " + freshness);
        retention.ifPresent(kept -> problems.unless(
                !kept.isNegative() && !kept.isZero(),
                "retention must be positive but was " + kept + "; leave it empty to keep forever"));
        lookBack.ifPresent(back ->
                problems.unless(!back.isNegative(), "how far back is looked must not be negative but was " + back));
        Set<Indicator> known = EnumSet.noneOf(Indicator.class);
        declared.forEach(one -> problems.unless(
                known.add(one.indicator()),
                "two objectives for " + one.indicator().text() + "; declare one"));
        problems.throwIfAny();
    }

    /** The same with another freshness. */
    public ServiceLevels freshWithin(Duration time) {
        return new ServiceLevels(time, retention, lookBack, declared);
    }

    /** The same with another retention. */
    public ServiceLevels keptFor(Duration time) {
        return new ServiceLevels(freshness, Optional.of(time), lookBack, declared);
    }

    /** The same, looking back so far. */
    public ServiceLevels lookingBack(Duration time) {
        return new ServiceLevels(freshness, retention, Optional.of(time), declared);
    }

    /** The same with one more objective. */
    public ServiceLevels with(Objective objective) {
        return new ServiceLevels(
                freshness,
                retention,
                lookBack,
                Stream.concat(declared.stream(), Stream.of(objective)).toList());
    }

    /** What is measured of an output port, by indicator: what is declared, and freshness in any case. */
    public List<Objective> objectives() {
        boolean isDeclared = declared.stream().anyMatch(one -> one.indicator() == Indicator.FRESHNESS);
        return Stream.concat(
                        declared.stream(), isDeclared ? Stream.empty() : Stream.of(Objective.freshness(USUALLY_FRESH)))
                .map(one -> one.indicator() == Indicator.FRESHNESS ? one.within(freshness) : one)
                .sorted(Comparator.comparing(Objective::indicator))
                .toList();
    }
}

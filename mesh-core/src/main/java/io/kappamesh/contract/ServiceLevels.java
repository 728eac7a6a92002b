package io.kappamesh.contract;

import io.kappamesh.declaration.Problems;
import java.time.Duration;
import java.util.Optional;

/**
 * What the owner of a port promises about its service.
 *
 * @param freshness how far the port may be behind its inputs while live, positive
 * @param retention for how long records are kept, counted in event time; empty = forever. A table keeps the latest record per
 *     key forever in any case
 * @param lookBack how far before a value's event time the records lie that decide about it, see {@link PortBuilder#lookingBack};
 *     empty = there is no limit
 */
public record ServiceLevels(Duration freshness, Optional<Duration> retention, Optional<Duration> lookBack) {

    /** Fresh within ten seconds, kept forever. */
    public static final ServiceLevels DEFAULT =
            new ServiceLevels(Duration.ofSeconds(10), Optional.empty(), Optional.empty());

    public ServiceLevels {
        Problems problems = new Problems("service levels");
        problems.unless(
                !freshness.isNegative() && !freshness.isZero(), "freshness must be positive but was " + freshness);
        retention.ifPresent(kept -> problems.unless(
                !kept.isNegative() && !kept.isZero(),
                "retention must be positive but was " + kept + "; leave it empty to keep forever"));
        lookBack.ifPresent(back ->
                problems.unless(!back.isNegative(), "how far back is looked must not be negative but was " + back));
        problems.throwIfAny();
    }
}

package io.kappamesh.display;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.level.Objective;
import io.kappamesh.level.Reading;
import io.kappamesh.slo.PortLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Levels of service, for a program. What is not known is null; times are ISO-8601 in UTC. Stateless. */
public final class LevelJson {
    private LevelJson() {}

    /** One object for each level. */
    public static ArrayNode of(List<PortLevel> levels) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        levels.forEach(level -> of(level, all.addObject()));
        return all;
    }

    private static void of(PortLevel level, ObjectNode to) {
        Objective objective = level.objective();
        Reading reading = level.reading();
        boolean isKnown = reading.share().isPresent();
        to.put("port", level.port())
                .put("product", level.product().toString())
                .put("level", objective.indicator().text())
                .put("unit", objective.indicator().unit())
                .put("target", objective.target())
                .put("windowDays", objective.days())
                .put("within", objective.within().map(Duration::toString).orElse(null))
                .put("atLeast", objective.perDay().map(Objective.Range::atLeast).orElse(null))
                .put("atMost", objective.perDay().map(Objective.Range::atMost).orElse(null))
                .put("state", reading.state().name())
                .put("share", isKnown ? reading.share().getAsDouble() : null)
                .put("bad", isKnown ? reading.bad() : null)
                .put("measured", isKnown ? reading.all() : null)
                .put("budgetSpent", isKnown && Double.isFinite(reading.spent()) ? reading.spent() : null)
                .put("silentSince", level.silentSince().map(Instant::toString).orElse(null));
    }
}

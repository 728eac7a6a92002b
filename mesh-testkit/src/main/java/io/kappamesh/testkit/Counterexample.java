package io.kappamesh.testkit;

import io.kappamesh.testkit.Outcome.Difference;
import io.kappamesh.testkit.Outcome.Place;
import io.kappamesh.testkit.simulation.Happening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A small example of two runs that end differently, as a page to read. */
final class Counterexample {
    private final Trial trial;
    private final Outcome live;
    private final Outcome other;
    private final Map<Integer, String> names = new HashMap<>();

    Counterexample(Trial trial, Outcome live, Outcome other) {
        this.trial = trial;
        this.live = live;
        this.other = other;
        trial.inputs().forEach(input -> names.put(input.number(), "#" + (names.size() + 1)));
    }

    String text(Difference difference, int recordsBefore) {
        StringBuilder text = new StringBuilder();
        line(text, "%s differently for %s", difference.what(), difference.where());
        line(text, "");
        line(text, "  live       %s", difference.live());
        line(text, "  otherwise  %s", difference.other());
        line(text, "");
        line(
                text,
                "The history: %s of %d, in %s",
                Text.count(trial.inputs().size(), "record"),
                recordsBefore,
                Text.count(trial.partitions(), "partition"));
        trial.inputs().forEach(input -> describe(text, input));
        line(text, "");
        line(text, "Live: each record is done before the next arrives");
        story(text, live);
        line(text, "");
        long cache = trial.schedule().cacheBytes();
        line(
                text,
                "Otherwise: %s, %s",
                trial.schedule().name(),
                cache == 0 ? "without a record cache" : "with a record cache of " + Text.count(cache, "byte"));
        story(text, other);
        return text.toString();
    }

    private void describe(StringBuilder text, Input input) {
        long offset = live.arrivals().entrySet().stream()
                .filter(arrival -> arrival.getValue() == input.number())
                .mapToLong(arrival -> arrival.getKey().offset())
                .findFirst()
                .orElse(-1);
        line(
                text,
                "  %-3s %s partition %d offset %d, key %s, %s",
                names.getOrDefault(input.number(), "#?"),
                input.topic(),
                input.partition(trial.partitions()),
                offset,
                input.keyText(),
                input.timeText());
        line(text, "      %s", input.content().text());
    }

    /** What happened, with neighbours of one kind in one line. */
    private void story(StringBuilder text, Outcome outcome) {
        List<String> lines = new ArrayList<>();
        String before = "";
        for (Happening happening : outcome.happened()) {
            Telling telling = telling(happening, outcome);
            if (telling == null) {
                continue;
            }
            int last = lines.size() - 1;
            if (telling.subject().equals(before)) {
                lines.set(last, lines.get(last) + " " + telling.object());
            } else {
                lines.add((telling.subject() + " " + telling.object()).trim());
            }
            before = telling.subject();
        }
        for (int number = 1; number <= lines.size(); number++) {
            line(text, "  %2d. %s", number, lines.get(number - 1));
        }
    }

    private record Telling(String subject, String object) {}

    @Nullable
    private Telling telling(Happening happening, Outcome outcome) {
        if (happening instanceof Happening.Arrived arrived) {
            return new Telling("arrives:", name(arrived.place(), arrived.offset(), outcome));
        }
        if (happening instanceof Happening.Processed processed) {
            return new Telling(processed.task() + " processes:", name(processed.place(), processed.offset(), outcome));
        }
        if (happening instanceof Happening.Committed committed) {
            return new Telling("commit:", committed.task().toString());
        }
        if (happening instanceof Happening.Restarted restarted) {
            return new Telling("restart:", restarted.task().toString());
        }
        if (happening instanceof Happening.Crashed crashed) {
            return new Telling("crash:", crashed.task().toString());
        }
        return null;
    }

    private String name(TopicPartition place, long offset, Outcome outcome) {
        Integer number = outcome.arrivals().get(new Place(place.topic(), place.partition(), offset));
        return number == null
                ? place.topic() + "[" + place.partition() + "]@" + offset
                : names.getOrDefault(number, "#?");
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
                .append('\n');
    }
}

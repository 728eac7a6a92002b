package io.kappamesh.testkit.proof;

import io.kappamesh.testkit.proof.Outcome.Difference;
import io.kappamesh.testkit.proof.Outcome.Place;
import io.kappamesh.testkit.simulation.Happening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A small example of two runs that end differently, as a page to read. */
final class Counterexample {
    private static final String WAITING = "time passes:";

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

    /** For two runs that ended differently and, repeated, do so no more. */
    static String unrepeated(Difference difference) {
        StringBuilder text = new StringBuilder();
        difference(text, difference);
        line(text, "");
        line(
                text,
                "Smaller examples come and go: one run ends differently at different times. The topology asks something");
        line(
                text,
                "that is no record, such as a clock, chance, a static field or another system; ProductLint knows many of them.");
        return text.toString();
    }

    private static void difference(StringBuilder text, Difference difference) {
        line(text, "%s differently for %s", difference.what(), difference.where());
        line(text, "");
        line(text, "  live       %s", difference.live());
        line(text, "  otherwise  %s", difference.other());
    }

    String text(Difference difference, int recordsBefore) {
        StringBuilder text = new StringBuilder();
        difference(text, difference);
        line(text, "");
        line(
                text,
                "The history: %s of %d, in %s",
                Text.count(trial.inputs().size(), "record"),
                recordsBefore,
                Text.count(trial.partitions(), "partition"));
        trial.inputs().forEach(input -> describe(text, input));
        line(text, "");
        line(text, "Live: a record a second, each done before the next");
        order(text, live);
        line(text, "");
        long cache = trial.schedule().cacheBytes();
        line(
                text,
                "Otherwise: %s, %s",
                trial.schedule().name(),
                cache == 0 ? "without a record cache" : "with a record cache of " + Text.count(cache, "byte"));
        if (trial.schedule().settlesEach()) {
            order(text, other);
        } else {
            story(text, other);
        }
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

    /** Where each record is done before the next, their order is the whole story, but for restarts. */
    private void order(StringBuilder text, Outcome outcome) {
        List<String> events = new ArrayList<>();
        for (Happening happening : outcome.happened()) {
            if (happening instanceof Happening.Arrived arrived) {
                events.add(name(arrived.place(), arrived.offset(), outcome));
            } else if (happening instanceof Happening.Restarted restarted) {
                events.add("restart of task " + restarted.task());
            }
        }
        line(text, "  %s", String.join(", ", events));
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
        if (before.equals(WAITING)) {
            lines.remove(lines.size() - 1);
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
            return new Telling(
                    "task " + processed.task() + " processes" + origin(processed.place(), outcome) + ":",
                    name(processed.place(), processed.offset(), outcome));
        }
        if (happening instanceof Happening.Committed committed) {
            return new Telling("commit:", "task " + committed.task());
        }
        if (happening instanceof Happening.Waited waited) {
            return new Telling(WAITING, Text.of(waited.duration()));
        }
        if (happening instanceof Happening.Compacted compacted) {
            return new Telling(
                    "compaction takes away:",
                    compacted.offsets().stream()
                            .map(offset -> name(compacted.place(), offset, outcome))
                            .collect(Collectors.joining(" ")));
        }
        if (happening instanceof Happening.Restarted restarted) {
            return new Telling("restart:", "task " + restarted.task());
        }
        if (happening instanceof Happening.Crashed crashed) {
            return new Telling("crash:", "task " + crashed.task());
        }
        return null;
    }

    /** Said of internal topics only: which input a record came by is told with the history. */
    private static String origin(TopicPartition place, Outcome outcome) {
        return outcome.arrivals().keySet().stream()
                        .anyMatch(input -> input.topic().equals(place.topic()))
                ? ""
                : " from " + place.topic();
    }

    /** A record of an internal topic has the name of the one that it was made of. */
    private String name(TopicPartition place, long offset, Outcome outcome) {
        Integer number = outcome.arrivals().get(new Place(place.topic(), place.partition(), offset));
        if (number != null) {
            return names.getOrDefault(number, "#?");
        }
        return outcome.happened().stream()
                .filter(Happening.Written.class::isInstance)
                .map(Happening.Written.class::cast)
                .filter(written -> written.place().equals(place) && written.offset() == offset)
                .findFirst()
                .map(written -> name(written.cause(), written.causeOffset(), outcome))
                .orElse(place + "@" + offset);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
                .append('\n');
    }
}

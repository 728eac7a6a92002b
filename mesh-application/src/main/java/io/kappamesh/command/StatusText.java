package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.generation.Role;
import io.kappamesh.status.GenerationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Status for a human: a heading for each product, a line for each generation that is not retired. */
public final class StatusText {
    private static final int BUILD = 12;

    private StatusText() {}

    static List<String> of(List<GenerationStatus> all) {
        Map<ProductName, List<GenerationStatus>> products = all.stream()
                .collect(Collectors.groupingBy(one -> one.generation().product(), TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        products.forEach((product, generations) -> {
            lines.add(product.toString());
            generations.stream().filter(one -> one.role() != Role.RETIRED).forEach(one -> {
                lines.add("  " + line(one));
                one.unseen()
                        .forEach(
                                input -> lines.add(
                                        "       input " + input
                                                + ": is not there, or these credentials may not describe it; how far it is read is not known"));
                one.deadLetters()
                        .filter(letters -> letters.atMost() > 0)
                        .ifPresent(letters -> lines.add("       dead letters: at most "
                                + HumanNumbers.count(letters.atMost()) + " in " + letters.topic()
                                + letters.newest()
                                        .map(time -> ", up to event time " + time)
                                        .orElse("")));
                one.failure().ifPresent(failure -> lines.add("       a process " + failure.text()));
            });
            String retired = generations.stream()
                    .filter(one -> one.role() == Role.RETIRED)
                    .map(one -> "g" + one.generation().number())
                    .collect(Collectors.joining(", "));
            if (!retired.isEmpty()) {
                lines.add("  retired: " + retired);
            }
        });
        return lines;
    }

    /** One generation. */
    public static String line(GenerationStatus one) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%-4s %-9s %-9s %s  %s of %s",
                "g" + one.generation().number(),
                one.role(),
                one.state(),
                HumanNumbers.bar(one.done(), one.target()),
                HumanNumbers.count(one.done()),
                HumanNumbers.count(one.target())));
        one.ratePerSecond()
                .ifPresent(rate -> line.append("  ")
                        .append(HumanNumbers.count(Math.round(rate)))
                        .append("/s"));
        one.remaining()
                .ifPresent(left ->
                        line.append("  ").append(HumanNumbers.time(left)).append(" left"));
        one.eventTimeLag()
                .filter(lag -> lag.compareTo(Duration.ZERO) > 0)
                .ifPresent(
                        lag -> line.append("  ").append(HumanNumbers.time(lag)).append(" behind"));
        one.cut().ifPresent(cut -> line.append("  cut ").append(cut));
        line.append("  build ").append(shortened(one.build()));
        if (!one.adoptions().isEmpty()) {
            line.append(", before ")
                    .append(one.adoptions().stream()
                            .map(adoption -> shortened(adoption.from()))
                            .collect(Collectors.joining(", ")));
        }
        return line.toString();
    }

    private static String shortened(String build) {
        return build.length() > BUILD ? build.substring(0, BUILD) : build;
    }
}

package io.kappamesh.console.demo;

import io.kappamesh.tpch.Answer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An answer beside the published one, as aligned lines of text. */
final class AnswerTable {
    private AnswerTable() {}

    /** A heading, then per row what was found and, below it, what is published. */
    static List<String> lines(Answer found, Optional<Answer> published) {
        List<List<String>> cells = new ArrayList<>();
        List<String> heading = new ArrayList<>();
        heading.add("");
        heading.addAll(found.keys());
        heading.addAll(found.measures());
        cells.add(heading);
        for (Answer.Row row : found.rows()) {
            cells.add(cells("found", row));
            published.stream()
                    .flatMap(answer -> answer.rows().stream())
                    .filter(other -> other.key().equals(row.key()))
                    .forEach(other -> cells.add(cells("published", other)));
        }
        int[] widths = IntStream.range(0, heading.size())
                .map(column -> cells.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return cells.stream().map(line -> line(line, widths)).toList();
    }

    private static List<String> cells(String label, Answer.Row row) {
        return Stream.of(
                        Stream.of(label),
                        row.key().stream(),
                        row.measures().stream().map(BigDecimal::toPlainString))
                .flatMap(part -> part)
                .toList();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(" ");
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(' ').append(column == 0 ? cell + padding : padding + cell);
        }
        return line.toString();
    }
}

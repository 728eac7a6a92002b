package io.kappamesh.console.demo;

import io.kappamesh.command.Screen;
import io.kappamesh.console.sql.Database;
import io.kappamesh.console.sql.LocalPostgres;
import io.kappamesh.console.sql.ProductTables;
import io.kappamesh.console.sql.SqlAnswers;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.load.LoadVerification;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.PublishedAnswers;
import io.kappamesh.tpch.QueryAnswers;
import io.kappamesh.tpch.TpchDatabase;
import io.kappamesh.tpch.TpchQuery;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What the demo does with PostgreSQL: loads the products, compares the tables with the topics, and asks. */
final class SqlPart {
    /** The generator's rows are in memory then. */
    private static final double LARGEST_JUDGED = 0.2;

    private final DemoOptions options;
    private final Screen screen;
    private final DemoReport report;

    SqlPart(DemoOptions options, Screen screen, DemoReport report) {
        this.options = options;
        this.screen = screen;
        this.report = report;
    }

    /**
     * Loads and asks.
     *
     * @param expected the answers out of the topics, for scales whose answers nobody has published and that are too large to be judged in memory;
     *     what it cannot answer is not judged then
     * @return whether all tables and answers agree
     */
    boolean run(LocalPlatform platform, QueryAnswers expected) throws SQLException {
        DemoOptions.Sql sql = options.sql().orElseThrow();
        Optional<LocalPostgres> postgres = Optional.empty();
        if (sql.own().isEmpty()) {
            say("%nStarting PostgreSQL on 127.0.0.1:%d", sql.port());
            postgres = Optional.of(platform.startPostgres(sql.port()));
        }
        Database database = postgres.map(LocalPostgres::database).orElseGet(sql.own()::orElseThrow);
        say("Loading all products into %s, and comparing each table with its topic", database);
        ProductTables tables = new ProductTables(platform.settings("loader"), database);
        boolean agreed = true;
        for (WorkedProduct product : platform.products()) {
            agreed &= load(tables, product.output());
        }
        agreed &= ask(tables.answers(), expected);
        if (options.serve()) {
            for (WorkedProduct product : platform.products()) {
                platform.closing(tables.follow(product.output()));
            }
            postgres.ifPresent(local -> say("%nThe tables follow the products: %s", local.psql()));
        }
        return agreed;
    }

    private boolean load(ProductTables tables, String port) {
        LoadVerification found = tables.load(port);
        report.table(found);
        say(
                "  %-32s %9s rows, %s",
                found.table(),
                HumanNumbers.count(found.topicKeys()),
                found.isComplete()
                        ? "equal to the topic"
                        : "DIFFERS from the topic in "
                                + HumanNumbers.count(
                                        found.changed() + found.missing() + found.extra() + found.refused()));
        return found.isComplete();
    }

    private boolean ask(SqlAnswers answers, QueryAnswers topics) throws SQLException {
        Optional<PublishedAnswers> published = PublishedAnswers.forScale(options.scale());
        if (published.isPresent()) {
            return ask(
                    answers,
                    "the published answer",
                    query -> Optional.of(published.get().answer(query)));
        }
        if (options.scale() > LARGEST_JUDGED) {
            return ask(
                    answers,
                    "the answer out of the topic",
                    query -> Optional.of(query)
                            .filter(QueryAnswers.queries()::contains)
                            .map(topics::answer));
        }
        say("Asking the same of the generator's own rows, in a database of another make");
        try (TpchDatabase judge = TpchDatabase.withMasterData(options.scale())) {
            return ask(
                    answers, "the answer of H2 over the generator's rows", query -> Optional.of(judge.answer(query)));
        }
    }

    private boolean ask(SqlAnswers answers, String whose, Function<TpchQuery, Optional<Answer>> judge)
            throws SQLException {
        boolean agreed = true;
        for (TpchQuery query : TpchQuery.values()) {
            Answer found = answers.answer(query);
            Optional<Answer> expected = judge.apply(query);
            List<String> differences = expected.map(found::differencesFrom).orElse(List.of());
            report.sqlAnswer(query, found, expected);
            if (expected.isEmpty()) {
                say("TPC-H Q%d in SQL has no judge at this scale", query.number());
                AnswerTable.lines(found, expected).forEach(line -> say("%s", line));
                continue;
            }
            say("TPC-H Q%d in SQL %s %s", query.number(), differences.isEmpty() ? "equals" : "DIFFERS from", whose);
            differences.forEach(difference -> say("  %s", difference));
            agreed &= differences.isEmpty();
        }
        return agreed;
    }

    private void say(String format, Object... values) {
        screen.say(String.format(Locale.ROOT, format, values));
    }
}

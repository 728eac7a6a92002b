package io.kappamesh.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kappamesh.topology.ProductTopology;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.example.shop.BrokenSteps;
import org.example.shop.Majors;
import org.example.shop.PureSteps;
import org.example.shop.Roundabout;
import org.example.shop.Shop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CodeRulesTest {

    static Stream<Arguments> broken() {
        return Stream.of(
                step(Rule.CLOCK, "instant", BrokenSteps::instant),
                step(Rule.CLOCK, "localDate", BrokenSteps::localDate),
                step(Rule.CLOCK, "localDateTime", BrokenSteps::localDateTime),
                step(Rule.CLOCK, "zonedDateTime", BrokenSteps::zonedDateTime),
                step(Rule.CLOCK, "offsetDateTime", BrokenSteps::offsetDateTime),
                step(Rule.CLOCK, "year", BrokenSteps::year),
                step(Rule.CLOCK, "clock", BrokenSteps::clock),
                step(Rule.CLOCK, "millis", BrokenSteps::millis),
                step(Rule.CLOCK, "nanos", BrokenSteps::nanos),
                step(Rule.CLOCK, "date", BrokenSteps::date),
                step(Rule.CLOCK, "calendar", BrokenSteps::calendar),
                step(Rule.CLOCK, "timeAsAFunction", BrokenSteps::timeAsAFunction),
                step(Rule.RANDOMNESS, "unseeded", BrokenSteps::unseeded),
                step(Rule.RANDOMNESS, "seeded", BrokenSteps::seeded),
                step(Rule.RANDOMNESS, "threadLocal", BrokenSteps::threadLocal),
                step(Rule.RANDOMNESS, "splittable", BrokenSteps::splittable),
                step(Rule.RANDOMNESS, "uuid", BrokenSteps::uuid),
                step(Rule.RANDOMNESS, "mathRandom", BrokenSteps::mathRandom),
                step(Rule.RANDOMNESS, "generator", BrokenSteps::generator),
                step(Rule.RANDOMNESS, "shuffled", BrokenSteps::shuffled),
                step(Rule.INPUT_OUTPUT, "file", BrokenSteps::file),
                step(Rule.INPUT_OUTPUT, "fileExists", BrokenSteps::fileExists),
                step(Rule.INPUT_OUTPUT, "path", BrokenSteps::path),
                step(Rule.INPUT_OUTPUT, "network", BrokenSteps::network),
                step(Rule.INPUT_OUTPUT, "database", BrokenSteps::database),
                step(Rule.INPUT_OUTPUT, "process", BrokenSteps::process),
                step(Rule.INPUT_OUTPUT, "producer", BrokenSteps::producer),
                step(Rule.ENVIRONMENT, "environment", BrokenSteps::environment),
                step(Rule.ENVIRONMENT, "property", BrokenSteps::property),
                step(Rule.ENVIRONMENT, "zone", BrokenSteps::zone),
                step(Rule.ENVIRONMENT, "timeZone", BrokenSteps::timeZone),
                step(Rule.ENVIRONMENT, "locale", BrokenSteps::locale),
                step(Rule.ENVIRONMENT, "charset", BrokenSteps::charset),
                step(Rule.THREADS, "thread", BrokenSteps::thread),
                step(Rule.THREADS, "sleep", BrokenSteps::sleep),
                step(Rule.THREADS, "executor", BrokenSteps::executor),
                step(Rule.THREADS, "later", BrokenSteps::later),
                step(Rule.THREADS, "inParallel", BrokenSteps::inParallel),
                step(Rule.IDENTITY_HASH, "identity", BrokenSteps::identity),
                step(Rule.IDENTITY_HASH, "objectHash", BrokenSteps::objectHash),
                step(Rule.IDENTITY_HASH, "enumHash", BrokenSteps::enumHash),
                step(Rule.STATIC_STATE, "staticField", BrokenSteps::staticField),
                step(Rule.STATIC_STATE, "atomic", BrokenSteps::atomic));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("broken")
    void whatAStepMustNotDoIsFoundInTheMethodThatDoesIt(Rule rule, String method, ProductTopology topology) {
        List<Finding> findings = lint(topology);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.where()).isEqualTo("BrokenSteps." + method);
        });
    }

    @Test
    void aFindingSaysWhereWhatWhyAndWhatInstead() {
        assertThat(lint(Roundabout::byAStaticMethod))
                .extracting(Finding::message)
                .containsExactly(
                        "product shop.test: Roundabout.Deep.today calls java.time.LocalDate.now (Roundabout.java:"
                                + Roundabout.LINE_OF_TODAY
                                + "), by way of Roundabout.byAStaticMethod → Roundabout.Deep.note → Roundabout.Deep.today, but a replay"
                                + " sees another time than live processing did; use the event's own time field [clock]");
    }

    static Stream<Arguments> roundabout() {
        return Stream.of(
                step(Rule.CLOCK, "Roundabout.inALambdaOfALambda", Roundabout::inALambdaOfALambda),
                step(Rule.CLOCK, "Roundabout.Deep.today", Roundabout::byAMethodReference),
                step(Rule.CLOCK, "Roundabout.Deep.today", Roundabout::byAStaticMethod),
                step(Rule.CLOCK, "Roundabout.Stamping.process", Roundabout::byAProcessor),
                step(Rule.CLOCK, "Roundabout.Stamped.stamp", Roundabout::byAnInheritedMethod),
                step(Rule.CLOCK, "Roundabout.Stamped.stamp", Roundabout::byAnInterface),
                step(Rule.CLOCK, "Roundabout.Started.static", Roundabout::byAStaticInitializer),
                step(Rule.CLOCK, "Roundabout.Functions.static", Roundabout::byAFunctionInAField),
                step(Rule.CLOCK, "Roundabout.Wired.wire", new Roundabout.Wired()),
                step(Rule.CLOCK, "Roundabout.Stamped.stamp", Roundabout.byWhatItWasGiven()),
                step(Rule.CLOCK, "Roundabout.Stamped.stamp", Roundabout.byWhatItCaptured()),
                step(
                        Rule.WALL_CLOCK_PUNCTUATION,
                        "Roundabout.ByTheWallClock.init",
                        Roundabout::punctuatesByTheWallClock),
                step(Rule.STREAM_TIME_PUNCTUATION, "Roundabout.ByStreamTime.init", Roundabout::punctuatesByStreamTime),
                step(Rule.WALL_CLOCK_PUNCTUATION, "Roundabout.ByEither.init", Roundabout::punctuatesByEither),
                step(Rule.STREAM_TIME, "Roundabout.Asking.process", Roundabout::byAskingStreamTime));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("roundabout")
    void whatTheWiringReachesIsFollowed(Rule rule, String where, ProductTopology topology) {
        assertThat(lint(topology)).extracting(Finding::rule, Finding::where).containsExactly(tuple(rule, where));
    }

    @Test
    void aMethodThatIsInheritedFromTheLibraryIsTheLibrarys() {
        assertThat(lint(Roundabout::byASubclassOfALibraryClass))
                .extracting(Finding::rule, Finding::where)
                .containsExactlyInAnyOrder(
                        tuple(Rule.RANDOMNESS, "Roundabout.Dice.new"), tuple(Rule.RANDOMNESS, "Roundabout.Dice.roll"));
    }

    /** Loads a wiring once more, and has no files. */
    private static final class WithoutFiles extends ClassLoader {
        WithoutFiles() {
            super(CodeRulesTest.class.getClassLoader());
        }

        Class<?> wiring() throws IOException {
            String name = "org.example.shop.Hidden";
            try (InputStream file = super.getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return null;
        }
    }

    @Test
    void codeThatCannotBeLookedAtIsFound() throws Exception {
        ProductTopology topology = (ProductTopology)
                new WithoutFiles().wiring().getMethod("wiring").invoke(null);

        assertThat(lint(topology))
                .extracting(Finding::rule, Finding::where)
                .containsExactly(tuple(Rule.UNSEEN_CODE, "Hidden"));
    }

    @Test
    void whatIsPureIsNotFound() {
        assertThat(lint(PureSteps::wire)).isEmpty();
    }

    @Test
    void productsOfOneClassAreToldApart() {
        assertThat(lint(Roundabout.asALambda())).isNotEmpty();
        assertThat(lint(Roundabout.asAnotherLambda())).isEmpty();
    }

    @Test
    void whatConvertsAPortIsFollowedAlthoughTheWiringDoesNotNameIt() {
        assertThat(List.of(Majors.byALambda(), Majors.byAMethod(), Majors.byAClass()))
                .allSatisfy(product -> assertThat(Linter.lint(product, Map.of()))
                        .extracting(Finding::rule, Finding::where)
                        .containsExactly(tuple(Rule.CLOCK, "Majors.stamped")));
        assertThat(Linter.lint(Majors.pure(), Map.of())).isEmpty();
    }

    @Test
    void callsOfOneRuleInOneMethodAreOneFinding() {
        assertThat(lint(Roundabout::twice))
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .contains("java.time.Instant.now", "java.lang.System.nanoTime");
    }

    private static Arguments step(Rule rule, String where, ProductTopology topology) {
        return arguments(rule, where, topology);
    }

    private static List<Finding> lint(ProductTopology topology) {
        return Linter.lint(Shop.product(topology, Shop.EVENTS), Map.of());
    }
}

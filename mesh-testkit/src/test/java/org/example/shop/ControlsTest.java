package org.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.lint.Finding;
import io.kappamesh.testkit.ProductLint;
import io.kappamesh.testkit.proof.ReplayDifference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One instance for all tests, so that each difference is looked for once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlsTest {
    private static final Path SOURCES = Path.of("src/test/java/org/example/shop");
    private static final Path PAGE = Path.of("../docs/replay-rules.md");
    private static final String WRITE = "mesh.docs.write";

    private final Map<String, ReplayDifference> differences = new HashMap<>();

    @ParameterizedTest(name = "{0}")
    @MethodSource("controls")
    void theLinterObjectsByTheRuleThatIsBrokenAndByNoOther(Control control) {
        assertThat(ProductLint.of(control.broken()).findings())
                .extracting(Finding::rule)
                .containsOnlyOnceElementsOf(control.rule().stream().toList())
                .hasSize(control.rule().isPresent() ? 1 : 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controls")
    void theProofShowsTheDamageInAFewRecords(Control control) {
        ReplayDifference found = difference(control);

        assertThat(found)
                .hasMessageContaining("Otherwise: " + control.revealed().words());
        assertThat(found.records()).as(found.getMessage()).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("controls")
    void itsTwinPassesBoth(Control control) {
        ProductLint.of(control.twin()).passes();
        control.proof().holds();
    }

    /** Rewrites the page where {@value #WRITE} is set. */
    @Test
    void thePageHasTheCodeAndTheExamplesOfNow() throws IOException {
        RulesPage page = RulesPage.read(PAGE);
        Map<String, String> now = blocks();
        if (Boolean.getBoolean(WRITE)) {
            page.with(now).write(PAGE);
            return;
        }
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(page.blocks().keySet())
                    .as("blocks of %s, all that there are", PAGE)
                    .containsExactlyInAnyOrderElementsOf(now.keySet());
            page.blocks()
                    .forEach((name, text) -> softly.assertThat(text)
                            .as(
                                    "%s, <!-- %s -->: is not what it was; read it, and have the page rewritten:"
                                            + " mvn -o -pl mesh-testkit -am test -Dtest=ControlsTest"
                                            + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
                                    PAGE, name, WRITE)
                            .isEqualTo(now.get(name)));
        });
    }

    private Map<String, String> blocks() throws IOException {
        Map<String, String> blocks = new HashMap<>();
        TaggedCode.in(SOURCES).forEach((tag, code) -> blocks.put("code: " + tag, code));
        controls().forEach(control -> {
            blocks.put(
                    "example: " + control.name(),
                    difference(control).getMessage().stripTrailing());
            control.rule()
                    .ifPresent(rule -> blocks.put(
                            "linter: " + control.name(),
                            ProductLint.of(control.broken()).findings().stream()
                                    .map(Finding::message)
                                    .collect(Collectors.joining("\n"))));
        });
        return blocks;
    }

    private ReplayDifference difference(Control control) {
        return differences.computeIfAbsent(control.name(), name -> {
            ReplayDifference found = catchThrowableOfType(ReplayDifference.class, control.disproof()::holds);
            assertThat(found).as("a difference of " + name).isNotNull();
            return found;
        });
    }

    static List<Control> controls() {
        return Controls.all();
    }
}

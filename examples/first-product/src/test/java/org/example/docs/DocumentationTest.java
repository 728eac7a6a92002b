package org.example.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.intake.Reason;
import io.kappamesh.lint.Rule;
import io.kappamesh.schema.SchemaRule;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents say is so. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\\)");

    @Test
    void documentsShowTheExampleAsItIs() throws IOException {
        List<String> shown = new ArrayList<>(Documentation.blocks(Documentation.text("README.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/replay-equals-live.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/embedding.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/sources.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/testing.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/ingest.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/capture.md"), "java"));
        shown.addAll(Documentation.blocks(Documentation.text("docs/load.md"), "java"));

        assertThat(shown).hasSizeGreaterThan(10).containsExactlyInAnyOrderElementsOf(Documentation.taggedRegions());
    }

    @Test
    void readmeShowsTheContractAsItIs() throws IOException {
        String schema = Documentation.text("examples/first-product/src/main/avro/billing.payments.v1.avsc");

        assertThat(Documentation.blocks(Documentation.text("README.md"), "json"))
                .containsExactly(schema);
    }

    @Test
    void settingsAreThoseOfTheProgram() throws IOException {
        String document = Documentation.text("docs/settings.md");

        assertThat(document)
                .as("docs/settings.md ends with what `settings` prints; replace everything from the first ### on")
                .endsWith("\n" + Settings.markdown());
    }

    @Test
    void operationsKnowEveryExitCodeAndEveryReason() throws IOException {
        String document = Documentation.text("docs/operations.md");

        assertThat(Arrays.stream(ExitCode.values()).map(code -> "| " + code.number() + " | `" + code + "` |"))
                .allSatisfy(row -> assertThat(document).contains(row));
        assertThat(Arrays.stream(Reason.values()).map(reason -> "| `" + reason.text() + "` |"))
                .allSatisfy(row -> assertThat(document).contains(row));
    }

    @Test
    void replayEqualsLiveKnowsEveryRule() throws IOException {
        String document = Documentation.text("docs/replay-equals-live.md");

        assertThat(Arrays.stream(Rule.values()).map(rule -> "| `" + rule.id() + "` |"))
                .allSatisfy(row -> assertThat(document).contains(row));
    }

    @Test
    void contractsKnowEveryRule() throws IOException {
        String document = Documentation.text("docs/contracts.md");

        assertThat(Arrays.stream(SchemaRule.values()).map(rule -> "| `" + rule.id() + "` |"))
                .allSatisfy(row -> assertThat(document).contains(row));
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path file : Documentation.markdownFiles()) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                links++;
                Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                String heading = link.group(2);
                boolean leads = Files.exists(target)
                        && (heading == null || Documentation.anchors(target).contains(heading));
                if (!leads) {
                    broken.add(Documentation.root().relativize(file) + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    @Test
    void firstProductOfTheReadmeIsShort() throws IOException {
        List<String> product = Documentation.blocks(Documentation.text("README.md"), "java").stream()
                .filter(block -> !block.contains("@Test"))
                .toList();

        assertThat(product).hasSize(2);
        assertThat(product.stream().flatMap(Documentation::codeLines)).hasSizeLessThan(75);
    }
}

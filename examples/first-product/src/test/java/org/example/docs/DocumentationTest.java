package org.example.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.runtime.ExitCode;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.runtime.Settings;
import io.kappamesh.topology.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.example.billing.Billing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say is so. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern METRIC = Pattern.compile("\\b(?:mesh|kafka|jvm|process)_[a-z_]+[a-z]\\b");

    @Test
    void readmeShowsTheExampleAsItIs() throws IOException {
        List<String> shown = Documentation.blocks(Documentation.text("README.md"), "java");

        assertThat(shown).hasSize(3).containsExactlyInAnyOrderElementsOf(Documentation.taggedRegions());
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
    void metricsInDocumentsDashboardAndAlertsExist(@TempDir Path state) throws Exception {
        Set<String> named = new TreeSet<>();
        for (String file : List.of(
                "docs/operations.md", "docker/grafana/dashboards/kappa-mesh.json", "docker/prometheus/alerts.yml")) {
            METRIC.matcher(Documentation.text(file))
                    .results()
                    .map(MatchResult::group)
                    .forEach(named::add);
        }
        // Those of Kafka Streams begin with its start, which needs a broker.
        named.removeIf(metric -> metric.startsWith("kafka_"));

        assertThat(metrics(state)).containsAll(named);
        assertThat(named).hasSizeGreaterThan(8);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path file : Documentation.markdownFiles()) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                links++;
                if (!Files.exists(file.resolveSibling(link.group(1)))) {
                    broken.add(Documentation.root().relativize(file) + ": " + link.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    /** The names that a process serves, whose platform is not there. */
    private static Set<String> metrics(Path state) throws Exception {
        Settings settings = Settings.of(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:1",
                        "schema.registry.url", "http://127.0.0.1:1",
                        "mesh.state.dir", state.toString(),
                        // Closing waits for questions to the brokers that are under way.
                        "streams.admin.request.timeout.ms", "500",
                        "streams.admin.default.api.timeout.ms", "500"),
                Map.of());
        try (MeshRuntime runtime = MeshRuntime.start(settings, Billing.products())) {
            URI address = URI.create("http://127.0.0.1:" + runtime.httpPort() + "/metrics");
            String body = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Set<String> names = new TreeSet<>();
            body.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[{ ]", 2)[0]));
            return names;
        }
    }
}

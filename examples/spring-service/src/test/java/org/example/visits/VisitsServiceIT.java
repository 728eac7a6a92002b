package org.example.visits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import io.kappamesh.testkit.LocalMesh;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.example.visits.dailyviews.v1.DailyViews;
import org.example.visits.pageviews.v1.PageView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service as its users run it: two processes from the executable jar, which are replaced one after the other. */
@Timeout(300)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class VisitsServiceIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private final List<JavaProcess> processes = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        processes.forEach(JavaProcess::close);
    }

    @Test
    void twoInstancesServeTheProductAndSurviveThatEachIsReplaced() throws Exception {
        mesh.provision(Visits.dailyViews());
        int first = Ports.free();
        int second = Ports.free();
        JavaProcess one = start("one", first);
        JavaProcess two = start("two", second);
        awaitReady(first);
        awaitReady(second);
        view("a", NOON);
        view("b", NOON.plusSeconds(1));
        awaitViews(2);
        awaitAnswer(first, 2);
        awaitAnswer(second, 2);
        assertThat(get(first, "/visits/1999-01-01").statusCode()).isEqualTo(404);
        Visitor visitor = new Visitor(List.of(first, second));
        visitor.start();

        assertThat(get(first, "/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get(first, "/actuator/health/readiness").body())
                .contains("meshReadiness", "visits.daily-views.g1", "LIVE");
        assertThat(get(first, "/actuator/mesh").body()).contains("visits.daily-views.g1", "SERVING", "LIVE");
        assertThat(get(first, "/actuator/prometheus").body()
                        + get(second, "/actuator/prometheus").body())
                .contains("mesh_records_in_total{", "product=\"visits.daily-views\"", "jvm_memory_used_bytes");

        one.stop(TIMEOUT);
        view("c", NOON.plusSeconds(2));
        awaitViews(3);
        awaitAnswer(second, 3);
        start("one", first);
        awaitReady(first);
        awaitAnswer(first, 3);
        two.stop(TIMEOUT);
        view("a", NOON.minus(Duration.ofDays(1)));
        awaitViews(2);
        awaitAnswer(first, 2);
        start("two", second);
        awaitReady(second);
        awaitAnswer(second, 2);
        visitor.end();
        assertThat(visitor.wrong).isEmpty();
        assertThat(visitor.answers.get()).isPositive();

        assertThat(mesh.table(Visits.DAILY_VIEWS).get("2026-02-28"))
                .isEqualTo(new DailyViews(LocalDate.parse("2026-02-28"), 1L));
        assertThat(mesh.prove(Visits.dailyViews().product()).verification().agrees())
                .isTrue();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceAndNothingRuns() throws Exception {
        JavaProcess wrong = command("wrong", Ports.free())
                .arguments("--mesh.replay.lag.records=many", "--mesh.no.such.setting=1")
                .start();
        processes.add(wrong);

        assertThat(wrong.awaitExitCode()).isNotZero();
        assertThat(wrong.logTail(60))
                .contains("mesh.replay.lag.records", "no.such.setting")
                .doesNotContain("\tat ");
    }

    private JavaProcess start(String name, int port) throws IOException {
        JavaProcess process = command(name, port).start();
        processes.add(process);
        return process;
    }

    private JavaCommand command(String name, int port) throws IOException {
        return JavaCommand.jar(name, directory.resolve(name + ".log"), jar())
                .jvmArguments("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .arguments(
                        "--server.port=" + port,
                        "--mesh.bootstrap.servers=" + mesh.bootstrapServers(),
                        "--mesh.schema.registry.url=" + mesh.registryUrl(),
                        "--mesh.state.dir=" + directory.resolve("state-" + name),
                        "--mesh.instance.id=" + name);
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void view(String id, Instant at) {
        mesh.write(Visits.PAGE_VIEWS, id, new PageView(id, "/", at));
    }

    private static void awaitViews(long many) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(mesh.table(Visits.DAILY_VIEWS).get("2026-03-01"))
                        .isEqualTo(new DailyViews(LocalDate.parse("2026-03-01"), many)));
    }

    /** Asks an instance, which may send it to the other one, and for a moment to one that has just stopped. */
    private void awaitAnswer(int port, long many) {
        await().atMost(TIMEOUT).ignoreException(ConnectException.class).untilAsserted(() -> {
            HttpResponse<String> answer = get(port, "/visits/2026-03-01");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"day\":\"2026-03-01\",\"views\":" + many + "}");
        });
    }

    /** Asks the instances in turn as long as they are replaced. They may refuse to answer, and never answer wrongly. */
    private final class Visitor extends Thread {
        private final List<Integer> ports;
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicInteger answers = new AtomicInteger();
        private final List<String> wrong = new CopyOnWriteArrayList<>();

        Visitor(List<Integer> ports) {
            super("visitor");
            this.ports = ports;
        }

        @Override
        public void run() {
            for (int i = 0; true; i++) {
                try {
                    if (over.await(20, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    HttpResponse<String> answer = get(ports.get(i % ports.size()), "/visits/2026-03-01");
                    boolean right = answer.body().matches("\\{\"day\":\"2026-03-01\",\"views\":[23]}");
                    if (answer.statusCode() == 200 && right) {
                        answers.incrementAndGet();
                    } else if (answer.statusCode() != 503 && answer.statusCode() != 307) {
                        wrong.add(answer.statusCode() + " " + answer.body());
                    }
                } catch (IOException notThere) {
                    // it is being replaced
                } catch (InterruptedException stop) {
                    return;
                }
            }
        }

        void end() throws InterruptedException {
            over.countDown();
            join();
        }
    }

    private void awaitReady(int port) {
        await().atMost(TIMEOUT).ignoreException(ConnectException.class).untilAsserted(() -> {
            HttpResponse<String> readiness = get(port, "/actuator/health/readiness");
            assertThat(readiness.statusCode()).as(readiness.body()).isEqualTo(200);
        });
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

package io.kappamesh.console.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the domains say of their products over HTTP. */
public final class DomainStatus {
    /**
     * One product.
     *
     * @param state as the runtime calls it: WAITING, REPLAYING, LIVE, …
     * @param recordsIn records let in since its process started
     * @param recordsOut records published since its process started
     * @param deadLetters records refused since its process started
     * @param done offsets read since its process started
     * @param target offsets there were to read
     * @param ratePerSecond records a second, lately
     */
    public record Product(
            String state,
            long recordsIn,
            long recordsOut,
            long deadLetters,
            long done,
            long target,
            double ratePerSecond) {

        static final Product UNKNOWN = new Product("STARTING", 0, 0, 0, 0, 0, 0);
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final List<URI> domains;

    public DomainStatus(List<Integer> ports) {
        domains = ports.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port + "/products"))
                .toList();
    }

    /** By name, those of the domains that answer. */
    public Map<String, Product> products() throws InterruptedException {
        Map<String, Product> products = new LinkedHashMap<>();
        for (URI domain : domains) {
            try {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(domain).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
                for (JsonNode product : JSON.readTree(answer.body())) {
                    JsonNode replay = product.path("replay");
                    products.put(
                            product.path("name").asText(),
                            new Product(
                                    product.path("state").asText(),
                                    product.path("recordsIn").asLong(),
                                    product.path("recordsOut").asLong(),
                                    product.path("deadLetters").asLong(),
                                    replay.path("done").asLong(),
                                    replay.path("target").asLong(),
                                    replay.path("ratePerSecond").asDouble()));
                }
            } catch (IOException notYet) {
                // a domain that does not answer has no products to show
            }
        }
        return products;
    }
}

package io.kappamesh.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.observe.ProductStatus.Replay;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Status as JSON. What is not known is null; times are ISO-8601 in UTC, durations seconds. Thread-safe. */
final class StatusJson {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final ObjectMapper json = new ObjectMapper();

    /** Everything, one object per product. */
    String products(List<ProductStatus> products) {
        ArrayNode all = json.createArrayNode();
        products.forEach(product -> describe(product, all.addObject()));
        return all.toPrettyString();
    }

    /** What a probe's log should say. */
    String health(boolean healthy, List<ProductStatus> products) {
        ObjectNode body = json.createObjectNode().put("healthy", healthy);
        ArrayNode all = body.putArray("products");
        for (ProductStatus product : products) {
            all.addObject()
                    .put("name", product.product().toString())
                    .put("generation", generation(product))
                    .put("role", role(product))
                    .put("state", product.state().name())
                    .put("waitingFor", product.waitingFor().orElse(null))
                    .put("failure", product.failure().orElse(null));
        }
        return body.toPrettyString();
    }

    private void describe(ProductStatus product, ObjectNode to) {
        to.put("name", product.product().toString())
                .put("generation", generation(product))
                .put("role", role(product))
                .put("state", product.state().name())
                .put("waitingFor", product.waitingFor().orElse(null))
                .put("failure", product.failure().orElse(null))
                .put("startedAt", product.startedAt().toString())
                .put("recordsIn", product.recordsIn())
                .put("recordsOut", product.recordsOut())
                .put("deadLetters", product.deadLetters())
                .put("lagRecords", product.lagRecords())
                .put(
                        "freshnessSeconds",
                        product.freshness().map(StatusJson::seconds).orElse(null));
        to.set("exemptions", json.valueToTree(product.exemptions()));
        if (product.replay().isEmpty()) {
            to.putNull("replay");
            return;
        }
        Replay replay = product.replay().get();
        to.putObject("replay")
                .put("done", replay.done())
                .put("target", replay.target())
                .put("ratePerSecond", replay.ratePerSecond())
                .put(
                        "remainingSeconds",
                        replay.remaining().map(StatusJson::seconds).orElse(null))
                .put("caughtUp", replay.caughtUp());
    }

    private static @Nullable Integer generation(ProductStatus product) {
        return product.generation().map(Generation::number).orElse(null);
    }

    private static @Nullable String role(ProductStatus product) {
        return product.role().map(Role::name).orElse(null);
    }

    private static Double seconds(Duration time) {
        return time.toMillis() / MILLIS_PER_SECOND;
    }
}

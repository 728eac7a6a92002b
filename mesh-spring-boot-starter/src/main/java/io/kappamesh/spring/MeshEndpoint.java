package io.kappamesh.spring;

import io.kappamesh.observe.ProductStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code /actuator/mesh}: the products and their generations. What is not known is null; times are ISO-8601 in UTC. */
@Endpoint(id = "mesh")
public final class MeshEndpoint {
    private final MeshProducts products;

    MeshEndpoint(MeshProducts products) {
        this.products = products;
    }

    @ReadOperation
    public Map<String, Object> products() {
        return Map.of(
                "products",
                products.status().stream().map(MeshEndpoint::describe).toList());
    }

    private static Map<String, @Nullable Object> describe(ProductStatus status) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("name", status.product().toString());
        all.put("generation", status.generation().map(Object::toString).orElse(null));
        all.put("role", status.role().map(Enum::name).orElse(null));
        all.put("state", status.state().name());
        all.put("waitingFor", status.waitingFor().orElse(null));
        all.put("failure", status.failure().orElse(null));
        all.put("startedAt", status.startedAt().toString());
        all.put("recordsIn", status.recordsIn());
        all.put("recordsOut", status.recordsOut());
        all.put("deadLetters", status.deadLetters());
        all.put("lagRecords", status.lagRecords());
        all.put("exemptions", status.exemptions().stream().map(Object::toString).toList());
        return all;
    }
}

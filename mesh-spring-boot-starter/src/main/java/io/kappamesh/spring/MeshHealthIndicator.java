package io.kappamesh.spring;

import io.kappamesh.observe.ProductStatus;
import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up or down, with the state of each product and what it waits for. */
final class MeshHealthIndicator extends AbstractHealthIndicator {
    private final MeshProducts products;
    private final BooleanSupplier well;

    MeshHealthIndicator(MeshProducts products, BooleanSupplier well) {
        this.products = products;
        this.well = well;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        for (ProductStatus status : products.status()) {
            builder.withDetail(
                    status.generation()
                            .map(Object::toString)
                            .orElse(status.product().toString()),
                    status.state()
                            + status.waitingFor()
                                    .map(what -> ", waits for " + what)
                                    .orElse("")
                            + status.failure().map(why -> ", failed: " + why).orElse(""));
        }
        if (well.getAsBoolean()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}

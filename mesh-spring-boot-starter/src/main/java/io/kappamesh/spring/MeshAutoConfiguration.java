package io.kappamesh.spring;

import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Runs every {@link StreamingProduct} bean of the context, with the settings under {@code mesh.} and the service's meter registry.
 * Define a bean of {@link Settings} or {@link MeshProducts} yourself to do it in another way.
 */
@AutoConfiguration(
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
public class MeshAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MeshProducts meshProducts(
            ObjectProvider<Settings> settings,
            Environment environment,
            ObjectProvider<StreamingProduct> products,
            ObjectProvider<MeterRegistry> meters) {
        return new MeshProducts(
                () -> settings.getIfAvailable(() -> MeshSettings.of(environment)),
                products.orderedStream().toList(),
                meters.getIfUnique());
    }

    /** For Actuator's groups {@code liveness} and {@code readiness}; {@link MeshProbes} puts them in there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class Probes {

        @Bean
        HealthIndicator meshLivenessHealthIndicator(MeshProducts products) {
            return new MeshHealthIndicator(products, products::isLive);
        }

        @Bean
        HealthIndicator meshReadinessHealthIndicator(MeshProducts products) {
            return new MeshHealthIndicator(products, products::isReady);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Endpoint.class)
    static class Endpoints {

        @Bean
        MeshEndpoint meshEndpoint(MeshProducts products) {
            return new MeshEndpoint(products);
        }
    }
}

package io.kappamesh.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.Stall;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class MeshAutoConfigurationTest {
    private final ApplicationContextRunner service =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MeshAutoConfiguration.class));

    @Configuration(proxyBeanMethods = false)
    static class Product {
        @Bean
        StreamingProduct copy() {
            Stall stall = new Stall("spring");
            return stall.copy(stall.raw);
        }
    }

    @Test
    void aServiceWithoutAProductIsWellAndNeedsNoSettings() {
        service.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(MeshProducts.class).isRunning()).isFalse();
            assertThat(context.getBean("meshReadinessHealthIndicator", HealthIndicator.class)
                            .health()
                            .getStatus())
                    .isEqualTo(Status.UP);
        });
    }

    @Test
    void aProductWithoutSettingsFailsTheContextWithEveryProblem() {
        service.withUserConfiguration(Product.class)
                .withPropertyValues("mesh.replay.lag.records=many")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("bootstrap.servers")
                        .hasMessageContaining("mesh.replay.lag.records"));
    }

    @Test
    void withoutActuatorThereIsNothingOfIt() {
        service.withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.health", "org.springframework.boot.actuate"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("meshReadinessHealthIndicator"));
    }

    @Test
    void namesAreUnderMeshWhoseverTheyAre() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("mesh.bootstrap.servers", "b:9092")
                .withProperty("mesh.schema.registry.url", "http://r")
                .withProperty("mesh.state.dir", "/state")
                .withProperty("mesh.streams.num.standby.replicas", "2");

        Settings settings = MeshSettings.of(environment);

        assertThat(settings.bootstrapServers()).isEqualTo("b:9092");
        assertThat(settings.stateDir()).hasToString("/state");
        assertThat(settings.streams()).containsEntry("num.standby.replicas", "2");
    }
}

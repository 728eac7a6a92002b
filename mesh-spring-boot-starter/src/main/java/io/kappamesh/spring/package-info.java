/**
 * Data products as beans of a Spring Boot service.
 *
 * <p>Reading order: {@link io.kappamesh.spring.MeshAutoConfiguration} is what Spring Boot finds; {@link
 * io.kappamesh.spring.MeshProducts} runs the products from the context's start to its end. {@code MeshSettings} takes the settings out
 * of the environment, {@code MeshHealthIndicator} and {@code MeshEndpoint} show the products to Actuator.
 */
@NullMarked
package io.kappamesh.spring;

import org.jspecify.annotations.NullMarked;

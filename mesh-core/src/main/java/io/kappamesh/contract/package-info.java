/**
 * What a data product declares: its ports, their contracts, and its owner. Nothing here depends on Kafka.
 *
 * <p>Reading order: {@link io.kappamesh.contract.DataProduct} is what a team declares; it reads {@link
 * io.kappamesh.contract.InputPort}s and publishes {@link io.kappamesh.contract.OutputPort}s. Who owns a port is in its type:
 * an {@link io.kappamesh.contract.OwnedPort} ({@link io.kappamesh.contract.OutputPort} or {@link
 * io.kappamesh.contract.SourcePort}) carries the whole {@link io.kappamesh.contract.PortContract} and yields the input port
 * that others read. Everything here is an immutable, thread-safe value, except the builders. An invalid declaration is refused with all of
 * its problems at once ({@link io.kappamesh.declaration.DeclarationException}).
 */
@NullMarked
package io.kappamesh.contract;

import org.jspecify.annotations.NullMarked;

/**
 * What has to be there before a product runs: topics, schemas, rights, native libraries.
 *
 * <p>Reading order: {@code OwnedTopics} says which topics a product owns ({@code TopicSpec}); {@code Topics} creates them and waits
 * for those of others; {@code ContractGate} compares contracts with those that were released, and {@code PortSchemas} registers schemas; {@code ControlTopics} prepares the control topic. {@code StartupChecks}
 * and {@code LintGate} refuse what would break a promise later. A {@code ReadyProduct} is the result.
 */
@Internal
@NullMarked
package io.kappamesh.provision;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;

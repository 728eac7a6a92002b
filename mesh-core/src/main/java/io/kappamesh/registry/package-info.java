/**
 * The schema registry: ids to schemas, and the gate for schemas that a product owns.
 *
 * <p>Reading order: begin with {@link SchemaRegistry}. It finds the schema of an id ({@link SchemaLookup}) and registers schemas once
 * every earlier version allows it ({@code CompatibilityGate}, {@link Compatibility}). {@code RegistryAccess}, {@code RegistryAddress}
 * and {@code OAuthTokens} are how it gets in.
 *
 * <p>Intentional, not a bug: schemas are registered at start and never while processing.
 */
@NullMarked
package io.kappamesh.registry;

import org.jspecify.annotations.NullMarked;

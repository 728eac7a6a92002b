package io.kappamesh.evolution;

import io.kappamesh.catalog.OutputDescription;

/**
 * A contract of a port as it was released. An immutable value.
 *
 * @param version what to call it in messages: {@code release 2}
 * @param contract what it promised
 */
public record ReleasedPort(String version, OutputDescription contract) {}

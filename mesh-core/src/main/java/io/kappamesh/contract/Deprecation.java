package io.kappamesh.contract;

import java.time.LocalDate;

/**
 * That a port is going to end. An immutable value.
 *
 * @param successor the port to read instead
 * @param endOfLife the day from which on the owner may retire the port
 */
public record Deprecation(PortAddress successor, LocalDate endOfLife) {}

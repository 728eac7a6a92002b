package io.kappamesh.postgres;

/**
 * That a loader may write a port's table, until somebody else claims it.
 *
 * @param port of the load
 * @param owner the loader, random
 * @param epoch grows with each claim
 */
public record Claim(String port, String owner, long epoch) {}

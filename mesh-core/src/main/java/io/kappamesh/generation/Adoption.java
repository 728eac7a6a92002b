package io.kappamesh.generation;

/**
 * That another build took over the computation of a generation, with its state.
 *
 * @param from the build that computed it before
 * @param at when, ISO-8601 in UTC
 */
public record Adoption(String from, String at) {}

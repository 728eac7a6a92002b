/**
 * What runs in the process of one arm: {@link io.kappamesh.benchmarks.arm.ArmMain} starts it and writes what it took. An arm is the same
 * job done in one way: a pipeline over order events, or a {@code Codec} of orders in a {@code
 * CodecLoop}.
 */
package io.kappamesh.benchmarks.arm;

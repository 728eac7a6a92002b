/**
 * The jobs of benchmarks on Apache Flink, in one JVM. Read {@link io.kappamesh.benchmarks.flink.FlinkOrders} first. Built by {@code ./mesh bench
 * flink} only.
 */
@org.jspecify.annotations.NullMarked
package io.kappamesh.benchmarks.flink;

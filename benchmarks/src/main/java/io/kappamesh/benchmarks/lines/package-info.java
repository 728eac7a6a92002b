/** Arms over order lines, flat rows in Avro: out of files into a topic, and out of a topic into a table of PostgreSQL. */
package io.kappamesh.benchmarks.lines;

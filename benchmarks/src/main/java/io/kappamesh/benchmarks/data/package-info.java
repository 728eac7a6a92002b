/** What arms are given, and what has to come of it. */
package io.kappamesh.benchmarks.data;

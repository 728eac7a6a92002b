/**
 * How a program of a bench is measured: its job, a pipeline that it runs, and what came out.
 */
@NullMarked
package io.kappamesh.benchmarks.measure;

import org.jspecify.annotations.NullMarked;

/** What arms run on: a broker, a registry and a database in processes of their own, and the process of an arm itself. */
package io.kappamesh.benchmarks.platform;

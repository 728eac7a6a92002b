/**
 * Health, status and metrics over HTTP, for programs that have no server of their own: {@link HealthServer}.
 */
@NullMarked
package io.kappamesh.http;

import org.jspecify.annotations.NullMarked;

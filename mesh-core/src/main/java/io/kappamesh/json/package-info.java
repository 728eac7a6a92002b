/**
 * JSON values and keys.
 *
 * <p>Reading order: {@link io.kappamesh.json.JsonFormat} is what a port declares; {@code JsonReader} reads text by the schema of the port, and
 * {@code JsonScalar} is a single value of it; {@code JsonWriter} is for tests. {@link io.kappamesh.json.JsonKey} reads keys.
 */
@NullMarked
package io.kappamesh.json;

import org.jspecify.annotations.NullMarked;

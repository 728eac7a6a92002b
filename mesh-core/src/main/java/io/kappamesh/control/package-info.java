/**
 * Which generations of a product there are and what they are to do, as a topic of the brokers' tells: read by every process that
 * runs the product, written by one hand at a time.
 *
 * <p>Reading order: a {@link io.kappamesh.control.Generation} has a {@link io.kappamesh.control.Role}; all that is decided about a
 * product is its {@link io.kappamesh.control.ProductLifecycle}; a {@link io.kappamesh.control.Cut} makes generations stand still,
 * which their processes {@linkplain io.kappamesh.control.Acknowledgement acknowledge}. {@link io.kappamesh.control.ControlView}
 * follows the {@linkplain io.kappamesh.control.ControlTopic topic}, {@link io.kappamesh.control.ControlSnapshot} reads it once, and
 * {@link io.kappamesh.control.ControlWriter} decides.
 */
package io.kappamesh.control;

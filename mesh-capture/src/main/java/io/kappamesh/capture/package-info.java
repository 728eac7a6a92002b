/**
 * Captures a table of PostgreSQL into a source port, exactly once.
 *
 * <p>Reading order: {@link io.kappamesh.capture.PortCapture} is the door, with {@link io.kappamesh.capture.PortCaptureBuilder}. A {@code CapturePosition}
 * is how far a port is, and a {@code CaptureTopic} where that stands; a {@code CaptureSession} goes on from there, with one engine, until something fails
 * that passes; {@code LiveKeys} are the keys that a topic has rows of.
 */
@NullMarked
package io.kappamesh.capture;

import org.jspecify.annotations.NullMarked;

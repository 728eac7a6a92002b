/**
 * The control topic of a product. It holds the decisions about the product's generations (which there are, which one serves, which are
 * paused), and what the processes report about them. Every process of the product reads it. One writer at a time makes decisions.
 *
 * <p>Reading order: {@code ControlTopic} is the topic's name and configuration. {@code ControlRecords} are its records on the wire, and
 * {@code ControlState} is the latest record of each key. {@code ControlView} follows the topics of several products, each as a
 * {@code FollowedTopic}. {@code ControlSnapshot} reads them once, to the end of everything that was written before. {@code ControlWriter}
 * makes decisions: a new writer fences all writers before it ({@code ControlProducer}).
 */
@Internal
@NullMarked
package io.kappamesh.control;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;

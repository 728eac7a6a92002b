/**
 * The commands of whoever answers for data products before others: documents of open standards, and what a catalogue may be held to. {@link
 * io.kappamesh.governance.GovernanceCommands} adds them to a program; {@code Described} says where descriptions of products come from.
 */
@Internal
@NullMarked
package io.kappamesh.governance;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;

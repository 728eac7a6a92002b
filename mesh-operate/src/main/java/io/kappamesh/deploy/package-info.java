/**
 * Whether a build can be deployed: what it would break for those who read its ports, by their needs in the catalogue and over the records that
 * there are. See {@code docs/adr/0038}.
 *
 * <p>Reading order: {@link io.kappamesh.deploy.DeployCheck} asks for everything; {@code ConsumerTrial} judges records as one consumer would,
 * {@code HistoryTrial} reads them; {@code TightenedRules} counts what the build's own rules are going to refuse; {@link io.kappamesh.deploy.DeployReport} is the answer.
 */
@Internal
@NullMarked
package io.kappamesh.deploy;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;

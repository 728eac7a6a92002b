/**
 * The commands of whoever deploys a build: whether it can be, what it declares, and what others need of it; and how a port ends. {@link
 * io.kappamesh.deployment.DeploymentCommands} adds them to a program; {@code BuildFile} is how a build is named.
 */
@Internal
@NullMarked
package io.kappamesh.deployment;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;

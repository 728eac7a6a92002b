/**
 * The main program of a domain.
 *
 * <p>Reading order: {@link MeshApplication} has the commands {@code run}, {@code provision}, {@code replay} and {@code settings}, and
 * those of an {@linkplain io.kappamesh.command operator}.
 */
@NullMarked
package io.kappamesh.application;

import org.jspecify.annotations.NullMarked;

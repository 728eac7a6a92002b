/**
 * How declarations say what is wrong with them: everything at once, and when it can be read.
 *
 * <p>Reading order: {@link DeclarationException} is what a user sees; {@link Problems} collects for it, and {@link Declared} keeps it until
 * somebody uses what was declared.
 */
@NullMarked
package io.kappamesh.declaration;

import org.jspecify.annotations.NullMarked;

/**
 * New projects out of templates: {@code mesh new domain}.
 *
 * <p>Reading order: {@link NewDomainCommand}, {@code DomainProject} for what is asked for, {@code DomainTemplates} for the files. The
 * templates are resources of this package.
 */
@NullMarked
package io.kappamesh.console.create;

import org.jspecify.annotations.NullMarked;

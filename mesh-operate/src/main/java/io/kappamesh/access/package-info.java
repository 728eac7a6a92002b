/**
 * The least rights on brokers that a domain needs.
 *
 * <p>Reading order: a {@link Duty} is what a principal does; {@link DomainAccess} knows the topics that a domain touches and answers
 * with {@link AccessRule}s.
 */
@NullMarked
package io.kappamesh.access;

import org.jspecify.annotations.NullMarked;

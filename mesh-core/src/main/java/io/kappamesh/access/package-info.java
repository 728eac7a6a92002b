/**
 * Which rights on brokers a domain needs, and no more than those.
 *
 * <p>Reading order: a {@link io.kappamesh.access.Duty} is what a principal does; {@link io.kappamesh.access.DomainAccess} knows the topics
 * that a domain touches, and answers with {@link io.kappamesh.access.AccessRule}s.
 */

/**
 * What an organisation asks of its data products: see {@code docs/policies.md}.
 *
 * <p>Reading order: {@link io.kappamesh.policy.Policy} is one demand, of a product, a port or a field; {@link
 * io.kappamesh.policy.DescribedProduct} is what it is asked about. {@link io.kappamesh.policy.PolicyProvider} is how an organisation adds its
 * own. {@link io.kappamesh.policy.Policies} asks all of them; {@code BuiltInPolicies} are those that everybody has.
 */
@NullMarked
package io.kappamesh.policy;

import org.jspecify.annotations.NullMarked;

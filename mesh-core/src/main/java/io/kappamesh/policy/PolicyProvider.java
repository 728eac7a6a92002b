package io.kappamesh.policy;

import java.util.List;

/**
 * Policies of an organisation. A jar on the class path names its provider in {@code META-INF/services/io.kappamesh.policy.PolicyProvider}; it has a
 * public constructor without parameters.
 */
public interface PolicyProvider {
    /** The policies; their ids differ from each other and from the built-in ones. */
    List<Policy> policies();
}

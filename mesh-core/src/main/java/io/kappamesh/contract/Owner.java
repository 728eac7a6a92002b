package io.kappamesh.contract;

import io.kappamesh.declaration.Problems;

/**
 * The people who answer for a product.
 *
 * @param team the team's name
 * @param contact where to reach them: a mail address, a channel
 */
public record Owner(String team, String contact) {
    public Owner {
        Problems problems = new Problems("owner");
        problems.unless(!team.isBlank(), "team must not be blank");
        problems.unless(!contact.isBlank(), "contact must not be blank");
        problems.throwIfAny();
    }
}

package io.kappamesh.lint;

import io.kappamesh.contract.ProductName;

/**
 * Something in a product that makes a replay differ from live. Holds no value of any record.
 *
 * @param product whose it is
 * @param rule what it breaks
 * @param where the name of a processor or store, {@code Class.method}, or the key of a setting: what an exemption names
 * @param what what is there, as the rest of a sentence that begins with the place
 */
public record Finding(ProductName product, Rule rule, String where, String what) {

    /** Where, what, why it breaks a replay, what to write instead, and the rule. */
    public String message() {
        return "product " + product + ": " + where + " " + what + ", but " + rule.why() + "; " + rule.instead() + " ["
                + rule.id() + "]";
    }

    @Override
    public String toString() {
        return message();
    }
}

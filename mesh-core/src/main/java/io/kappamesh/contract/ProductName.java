package io.kappamesh.contract;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a data product: {@code sales.orders}. Everything the product writes or joins begins with it.
 *
 * @param domain the owning team: {@code sales}
 * @param name the product's name within the domain: {@code orders}
 */
public record ProductName(String domain, String name) implements Comparable<ProductName> {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*)\\.([a-z][a-z0-9-]*)");

    public ProductName {
        if (!FORM.matcher(domain + "." + name).matches()) {
            throw malformed(domain + "." + name);
        }
    }

    /**
     * Reads a name from its text.
     *
     * @throws DeclarationException when the text has another form than {@code domain.name}
     */
    public static ProductName of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        return new ProductName(matcher.group(1), matcher.group(2));
    }

    /** The topic that keeps what the product's intake refused: {@code sales.orders.dead-letters}. */
    public String deadLetterTopic() {
        return this + ".dead-letters";
    }

    @Override
    public int compareTo(ProductName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return domain + "." + name;
    }

    private static DeclarationException malformed(String text) {
        return new DeclarationException(
                List.of("product name '" + text + "': expected domain.name in lower case, such as sales.orders"));
    }
}

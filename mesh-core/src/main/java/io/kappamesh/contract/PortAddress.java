package io.kappamesh.contract;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a port is served: {@code sales.orders.v1}. The address is the topic's name, and the major version of the contract is
 * part of it; a breaking change is another address.
 *
 * @param domain the owning team, in lower case: {@code sales}
 * @param name the port's name within the domain: {@code orders}
 * @param major the contract's major version, from 1
 */
public record PortAddress(String domain, String name, int major) {
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9-]*)\\.([a-z][a-z0-9-]*)\\.v([1-9][0-9]{0,5})");

    public PortAddress {
        if (!FORM.matcher(domain + "." + name + ".v" + major).matches()) {
            throw malformed(domain + "." + name + ".v" + major);
        }
    }

    /**
     * Reads an address from its text.
     *
     * @throws DeclarationException when the text has another form than {@code domain.name.v1}
     */
    public static PortAddress of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        return new PortAddress(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3)));
    }

    /** The topic that carries the port, which is the address itself. */
    public String topic() {
        return domain + "." + name + ".v" + major;
    }

    /** The registry subject of the values (Confluent's TopicNameStrategy). */
    public String valueSubject() {
        return topic() + "-value";
    }

    @Override
    public String toString() {
        return topic();
    }

    private static DeclarationException malformed(String text) {
        return new DeclarationException(List.of("port address '" + text
                + "': expected domain.name.vN in lower case, with a major version from 1, such as sales.orders.v1"));
    }
}

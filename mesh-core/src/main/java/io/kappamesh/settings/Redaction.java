package io.kappamesh.settings;

import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.GivenSettings.Given;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * How what was given is shown in messages and lists. Whoever gives a secret in the wrong place, or breaks a line of it, must not find it
 * in a log: what was refused is described, and shown only if it looks like a number. Stateless.
 */
final class Redaction {
    static final String HIDDEN = "[hidden]";

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.,_ ]{0,18}[a-zA-Z]{0,2}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,40}([._][a-z0-9-]{1,40}){1,10}");

    private static final Set<String> NO_SECRETS = Set.of(
            "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL", "JKS", "PKCS12", "PEM", "TLS", "TLSv1.2", "TLSv1.3");

    private Redaction() {}

    /** A value that is taken: secrets hidden, references as they were written, and of addresses what is no secret. */
    static String accepted(String key, @Nullable ConfigKey rule, Given value) {
        if (value.isReference()) {
            return references(value.written());
        }
        if (isSecret(rule)) {
            return HIDDEN;
        }
        return key.endsWith("url") ? SchemaRegistry.withoutCredentials(value.value()) : value.value();
    }

    /** A value that is refused, to follow "but was". */
    static String refused(@Nullable ConfigKey rule, Given value) {
        if (value.isReference()) {
            return references(value.written());
        }
        if (isSecret(rule)) {
            return HIDDEN;
        }
        if (value.value().isEmpty()) {
            return "empty";
        }
        return NUMBER.matcher(value.value()).matches()
                ? value.value()
                : "a text of " + value.value().length() + " characters, which is not shown";
    }

    /** What should be the name of a setting; a line of a private key is none. */
    static String key(String key) {
        return NAME.matcher(key).matches()
                ? key
                : "whose name is a text of " + key.length()
                        + " characters, which is not shown (a value goes on in the next line behind a \\ at the end of its line)";
    }

    /** The references in a value that may hold secrets between them. */
    static String references(String written) {
        List<String> found = new ArrayList<>();
        Matcher reference = GivenSettings.REFERENCE.matcher(written);
        int length = 0;
        while (reference.find()) {
            found.add(reference.group());
            length += reference.group().length();
        }
        String all = String.join(", ", found);
        return length == written.length() ? all : all + " and other text";
    }

    /** What somebody else says about values, without those that may be secrets. */
    static String censored(String text, Collection<String> values) {
        String censored = text;
        for (String value : values) {
            if (value.length() > 2
                    && !NO_SECRETS.contains(value)
                    && !NUMBER.matcher(value).matches()) {
                censored = censored.replace(value, "…");
            }
        }
        return censored;
    }

    private static boolean isSecret(@Nullable ConfigKey rule) {
        return rule != null && rule.type == ConfigDef.Type.PASSWORD;
    }
}

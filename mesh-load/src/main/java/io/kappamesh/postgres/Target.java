package io.kappamesh.postgres;

import io.kappamesh.columns.Identifiers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of a port are.
 *
 * @param url {@code jdbc:postgresql://host:port/database}; may hold a password, and is never shown
 * @param user null = as the URL or the environment of PostgreSQL's clients says
 * @param password null = as the URL or {@code .pgpass} says
 * @param schema that holds the tables
 * @param statementTimeout for how long one statement may take
 */
public record Target(
        String url, @Nullable String user, @Nullable String password, String schema, Duration statementTimeout) {

    /** A relation of the schema, quoted. */
    public String relation(String name) {
        return Identifiers.quoted(schema) + "." + Identifiers.quoted(name);
    }

    /** Several of them, in words. */
    public String relations(List<String> names) {
        return names.stream().map(this::relation).collect(Collectors.joining(", "));
    }

    /** The URL without anything that could be a secret. */
    public String shown() {
        int query = url.indexOf('?');
        String plain = query < 0 ? url : url.substring(0, query);
        int at = plain.indexOf('@');
        int host = plain.indexOf("//");
        return at > 0 && host > 0 ? plain.substring(0, host + 2) + plain.substring(at + 1) : plain;
    }

    Optional<String> principal() {
        return Optional.ofNullable(user);
    }

    @Override
    public String toString() {
        return shown() + " schema " + schema;
    }
}

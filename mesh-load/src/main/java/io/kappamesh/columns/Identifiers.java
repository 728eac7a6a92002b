package io.kappamesh.columns;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/** Names as PostgreSQL has them: in lower case with underscores, at most 63 bytes. Stateless. */
public final class Identifiers {
    /** NAMEDATALEN of PostgreSQL, less its end. */
    static final int MOST_BYTES = 63;

    private static final int DIGEST_BYTES = 4;

    private Identifiers() {}

    /** {@code orderDate} is {@code order_date}, {@code orderURL2} is {@code order_url2}; what is too long ends with a digest of all of it. */
    public static String of(String name) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            boolean upper = Character.isUpperCase(character);
            boolean afterLower = i > 0 && !Character.isUpperCase(name.charAt(i - 1)) && name.charAt(i - 1) != '_';
            boolean endsCapitals = i > 0
                    && Character.isUpperCase(name.charAt(i - 1))
                    && i + 1 < name.length()
                    && Character.isLowerCase(name.charAt(i + 1));
            if (upper && i > 0 && (afterLower || endsCapitals)) {
                snake.append('_');
            }
            snake.append(character == '-' ? '_' : character);
        }
        return limited(snake.toString().toLowerCase(Locale.ROOT), name);
    }

    /** The same as {@link #of}, or if that is taken another name that ends with a digest of the original. */
    public static String free(String name, Set<String> taken) {
        return free("", name, taken);
    }

    /** The same behind a beginning that stays as it is. */
    public static String free(String beginning, String name, Set<String> taken) {
        String whole = beginning + name;
        String free = limited(beginning + of(name), whole);
        for (String again = whole; taken.contains(free); again += "_") {
            free = cut(beginning + of(name), MOST_BYTES - 2 * DIGEST_BYTES - 1) + "_" + digest(again);
        }
        return free;
    }

    /** Quoted, so that reserved words and all characters are names. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A literal in SQL, for values that no parameter can hold. */
    public static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The name itself, or if it is too long its beginning and a digest of the original. */
    public static String limited(String name, String original) {
        return bytes(name) <= MOST_BYTES ? name : cut(name, MOST_BYTES - 2 * DIGEST_BYTES - 1) + "_" + digest(original);
    }

    private static String cut(String name, int most) {
        int end = name.length();
        while (bytes(name.substring(0, end)) > most) {
            end--;
        }
        return name.substring(0, end);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

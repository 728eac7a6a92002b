package io.kappamesh.display;

import java.util.regex.Pattern;

/** Text of others as a terminal may have it. Stateless. */
public final class Plain {
    /** What moves a cursor, colours a terminal, ends a line, or turns the direction of writing. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cc}\\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]+");

    private Plain() {}

    /** On one line, and nothing but what is seen. */
    public static String text(String of) {
        return CONTROL.matcher(of).replaceAll(" ").strip();
    }

    /** The same, cut to a number of characters. */
    static String text(String of, int longest) {
        String plain = text(of);
        return plain.codePointCount(0, plain.length()) <= longest
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, longest - 1)) + "…";
    }
}

package io.kappamesh.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One address of a registry, and apart from it the user and password that may stand in it: the client writes addresses into its log.
 *
 * @param url without them
 * @param userInfo {@code user:password}, decoded; null = none
 */
record RegistryAddress(String url, @Nullable String userInfo) {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private static final String ENCODE =
            "percent-encode each of `@`, `/`, `?`, `#` and `,` in user and password, or write them into basic.auth.user.info";

    /** Why a text is no address. Holds nothing of the text. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String why) {
            super(why);
        }
    }

    /** Those of a setting, separated by commas, in their order. */
    static List<String> split(@Nullable Object setting) {
        List<String> texts = new ArrayList<>();
        if (setting instanceof List<?> list) {
            list.forEach(text -> texts.add(String.valueOf(text).trim()));
        } else if (setting != null) {
            for (String text : setting.toString().split(",", -1)) {
                texts.add(text.trim());
            }
        }
        texts.removeIf(String::isEmpty);
        return texts;
    }

    static RegistryAddress of(String text) throws Malformed {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException wrong) {
            throw new Malformed("expected http://host:port or https://host:port; " + ENCODE);
        }
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            throw new Malformed("expected http:// or https:// in front of the host");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new Malformed("expected a host, and behind it a port if it is not the usual one");
        }
        if (uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawPath().contains("@")) {
            throw new Malformed("nothing but a path may stand behind the host; " + ENCODE);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return new RegistryAddress(
                uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath(), uri.getUserInfo());
    }

    /** What of a setting can be shown. */
    static String shown(@Nullable Object setting) {
        return split(setting).stream().map(RegistryAddress::shown).collect(Collectors.joining(","));
    }

    private static String shown(String text) {
        try {
            RegistryAddress address = of(text);
            return address.userInfo == null ? address.url : address.url.replaceFirst("://", "://[hidden]@");
        } catch (Malformed notShown) {
            return "[hidden]";
        }
    }

    /** Neither of them in a text, such as a stack trace. */
    @Override
    public String toString() {
        return url;
    }
}

package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The owner of a product in the words of Bitol's standards, and how to reach him as an address. Stateless. */
final class Owners {
    private static final Pattern MAIL = Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    private Owners() {}

    /** @param owner with a team and a contact */
    static void put(JsonNode owner, ObjectNode into) {
        String contact = owner.path("contact").asText();
        into.putObject("team").put("name", owner.path("team").asText());
        into.putArray("support").addObject().put("channel", contact).put("url", address(contact));
    }

    static ObjectNode of(JsonNode document) {
        return Descriptions.node()
                .put("team", document.path("team").path("name").asText())
                .put("contact", document.path("support").path(0).path("channel").asText());
    }

    /** A mail address; empty = the contact is none. */
    static Optional<String> mail(String contact) {
        return Optional.of(contact).filter(text -> MAIL.matcher(text).matches());
    }

    /** An address of the web; empty = the contact is none. */
    static Optional<String> web(String contact) {
        try {
            URI uri = new URI(contact);
            String scheme = String.valueOf(uri.getScheme());
            return uri.getHost() != null && (scheme.equals("https") || scheme.equals("http"))
                    ? Optional.of(contact)
                    : Optional.empty();
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    private static String address(String contact) {
        return mail(contact)
                .map(mail -> "mailto:" + mail)
                .or(() -> web(contact))
                .orElseGet(() ->
                        // ODPS requires an address of any kind.
                        "urn:contact:"
                                + URLEncoder.encode(contact, StandardCharsets.UTF_8)
                                        .replace("+", "%20"));
    }
}

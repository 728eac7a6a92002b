package io.kappamesh.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The policies that everybody has. All of them warn, so that an update of this library stops no product. Stateless. */
final class BuiltInPolicies {
    private static final Set<String> NOBODY =
            Set.of("", "?", "-", "none", "n/a", "na", "nobody", "unknown", "todo", "tbd", "owner", "contact", "team");
    private static final Pattern ONE_STYLE = Pattern.compile("[a-z][a-z0-9]*([A-Z0-9][a-zA-Z0-9]*|(_[a-z0-9]+)*)");
    /** Words of which a field's name tells that it is about a person, in one piece or with the next word. */
    private static final Set<String> PERSONAL = Set.of(
            "email",
            "mail",
            "phone",
            "telephone",
            "mobile",
            "fax",
            "birth",
            "birthday",
            "birthdate",
            "dob",
            "ssn",
            "iban",
            "passport",
            "firstname",
            "lastname",
            "surname",
            "givenname",
            "familyname",
            "fullname",
            "gender",
            "religion",
            "salary",
            "ipaddress",
            "creditcard",
            "cardnumber");

    private BuiltInPolicies() {}

    static List<Policy> all() {
        return List.of(
                Policy.ofProduct(
                        "owner",
                        Severity.WARN,
                        "has no owner who can be reached",
                        "name team and contact in ownedBy(TEAM, CONTACT)",
                        product -> isSomebody(product.team()) && isSomebody(product.contact())),
                Policy.ofProduct(
                        "product-described",
                        Severity.WARN,
                        "has no description",
                        "say what it offers in describedAs(…)",
                        product -> !product.description().isBlank()),
                Policy.ofPort(
                        "port-described",
                        Severity.WARN,
                        "has no description",
                        "say what it tells in describedAs(…)",
                        port -> !port.description().isBlank()),
                Policy.ofField(
                        "field-documented",
                        Severity.WARN,
                        "has no documentation",
                        "write what it means as its doc in the schema",
                        field -> !field.doc().isBlank()),
                Policy.ofField(
                        "field-name",
                        Severity.WARN,
                        "has a name that is neither camelCase nor snake_case",
                        "rename it in the next major version, with the old name until then",
                        field -> ONE_STYLE
                                .matcher(field.name().replaceAll("[\\[\\]{}]", ""))
                                .matches()),
                Policy.ofField(
                        "personal-data-classified",
                        Severity.WARN,
                        "looks like personal data, and its schema does not classify it",
                        "add \"classification\": \"personal\" to it, or \"public\" if everybody may see it",
                        field -> field.classification().isPresent() || !isPersonal(field.name())),
                Policy.ofPort(
                        "freshness-stated",
                        Severity.WARN,
                        "does not state how fresh it is",
                        "declare freshWithin(…)",
                        port -> port.freshness().isPresent()),
                Policy.ofProduct(
                        "retention-for-replay",
                        Severity.WARN,
                        "publishes what a replay can no longer compute: an input keeps its records for less time than a port does, and what the"
                                + " port looks back on",
                        "keep the input for longer, or the port for less with keptFor(…), and declare lookingBack(…)",
                        BuiltInPolicies::isRecomputable));
    }

    private static boolean isSomebody(String text) {
        return !NOBODY.contains(text.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean isPersonal(String name) {
        List<String> words = Arrays.stream(
                        name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").split("[^A-Za-z0-9]+"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        for (int n = 0; n < words.size(); n++) {
            boolean hasNext = n + 1 < words.size();
            if (PERSONAL.contains(words.get(n)) || (hasNext && PERSONAL.contains(words.get(n) + words.get(n + 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRecomputable(DescribedProduct product) {
        Optional<Duration> shortest = product.inputs().stream()
                .filter(input -> !input.table())
                .flatMap(input -> input.retention().stream())
                .min(Duration::compareTo);
        return shortest.map(kept -> product.ports().stream()
                        .allMatch(port -> port.retention().isPresent()
                                && port.lookBack().isPresent()
                                && port.retention()
                                                .get()
                                                .plus(port.lookBack().get())
                                                .compareTo(kept)
                                        <= 0))
                .orElse(true);
    }
}

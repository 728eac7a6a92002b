package io.kappamesh.evolution;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.OutputDescription.Levels;
import io.kappamesh.catalog.RecordDescription.Rule;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaBreach;
import io.kappamesh.rule.RulePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compares a port with what was released of it under the same major version. Schemas are judged by {@link Compatibility#FULL_TRANSITIVE}, as
 * at the registry. Besides, kind, partitions, key, event time and retention stay, and no rule that was promised vanishes or changes its
 * condition. Stateless.
 */
public final class ReleaseGate {
    private static final String NEW = "what is declared now";

    private ReleaseGate() {}

    /** What breaks towards any of the releases; empty = nothing. */
    public static List<Breach> breaches(List<ReleasedPort> released, OutputDescription declared) {
        List<Breach> breaches = new ArrayList<>();
        for (ReleasedPort one : released) {
            schema(one, declared, breaches);
            breaches.addAll(terms(one, declared));
        }
        breaches.addAll(byItself(released, declared));
        return breaches;
    }

    /** A schema that does not fit itself; what was released cannot be helped. */
    private static List<Breach> byItself(List<ReleasedPort> released, OutputDescription declared) {
        Optional<Schema> now = Schemas.of(declared.records());
        List<Schema> before = released.stream()
                .flatMap(one -> Schemas.of(one.contract().records()).stream())
                .toList();
        if (now.isEmpty() || before.contains(now.get())) {
            return List.of();
        }
        List<SchemaBreach> known = before.stream()
                .flatMap(one -> Compatibility.FULL_TRANSITIVE.breaches(now.get(), one).stream())
                .toList();
        return Compatibility.FULL_TRANSITIVE.breachesByItself(now.get(), known).stream()
                .map(breach -> breach(NEW, declared, breach))
                .toList();
    }

    private static void schema(ReleasedPort released, OutputDescription declared, List<Breach> breaches) {
        Schemas.of(released.contract().records())
                .ifPresent(before -> Schemas.of(declared.records())
                        .ifPresent(now -> breaches.addAll(schema(released.version(), before, declared, now))));
    }

    private static List<Breach> schema(String version, Schema before, OutputDescription declared, Schema now) {
        return Compatibility.FULL_TRANSITIVE.breaches(now, before).stream()
                .map(breach -> breach(version, declared, breach))
                .toList();
    }

    private static Breach breach(String version, OutputDescription declared, SchemaBreach breach) {
        return new Breach(
                declared.address(),
                null,
                breach.gap().path(),
                breach.gap().rule().id(),
                breach.between(version, NEW) + ": " + breach.gap().sentence(),
                breach.remedy() + orMajor(declared));
    }

    /** What breaks besides the schema. */
    public static List<Breach> terms(ReleasedPort released, OutputDescription declared) {
        List<Breach> breaches = new ArrayList<>();
        OutputDescription before = released.contract();
        Terms terms = new Terms(released.version(), declared, breaches);
        terms.stays("kind", before.kind(), declared.kind(), "declare it as it was");
        terms.stays(
                "partitions",
                before.partitions(),
                declared.partitions(),
                "keep the number: keys would move to other partitions, and joins would miss them");
        if (before.records().key() != null && declared.records().key() == null) {
            terms.add(
                    Breach.KEY_DROPPED,
                    "its key is %s in %s, and nothing is said of it in %s"
                            .formatted(before.records().key(), released.version(), NEW),
                    "keep the promise: readers find a row by it");
        } else if (before.records().key() != null) {
            terms.stays(
                    "key",
                    before.records().key(),
                    declared.records().key(),
                    "keep the key, and its description: readers find a row by it");
        }
        terms.stays(
                "event-time",
                before.records().eventTime(),
                declared.records().eventTime(),
                "keep the field: the time of every record would be another");
        terms.keepsRules(before.records().rules());
        terms.keepsFor(before.levels());
        return breaches;
    }

    private record Terms(String version, OutputDescription declared, List<Breach> breaches) {
        void stays(String rule, @Nullable Object before, @Nullable Object now, String remedy) {
            if (!Objects.equals(before, now)) {
                add(
                        rule,
                        "its %s is %s in %s and %s in %s"
                                .formatted(rule.replace('-', ' '), words(before), version, words(now), NEW),
                        remedy);
            }
        }

        void keepsRules(List<Rule> before) {
            for (Rule promised : before) {
                List<Rule> now = declared.records().rules().stream()
                        .filter(one -> one.name().equals(promised.name()))
                        .toList();
                if (now.isEmpty()) {
                    add(
                            Breach.RULE_DROPPED,
                            "%s promises %s (%s), and %s does not"
                                    .formatted(version, promised.name(), promised.description(), NEW),
                            "keep the promise: readers may rely on it");
                } else if (promised.condition() != null
                        && !promised.condition().equals(now.get(0).condition())) {
                    add(
                            now.get(0).condition() == null ? Breach.RULE_DROPPED : "rule-changed",
                            "the rule %s is \"%s\" in %s and %s in %s"
                                    .formatted(
                                            promised.name(),
                                            promised.condition(),
                                            version,
                                            now.get(0).condition() == null
                                                    ? "a function"
                                                    : "\"" + now.get(0).condition() + "\"",
                                            NEW),
                            "keep it, and promise more in a rule of another name beside it");
                } else if (promised.action() != RulePolicy.WARN && now.get(0).action() == RulePolicy.WARN) {
                    add(
                            Breach.RULE_DROPPED,
                            "%s refuses what breaks %s (%s), and %s only warns"
                                    .formatted(version, promised.name(), promised.description(), NEW),
                            "keep its policy: readers may rely on it");
                }
            }
        }

        void keepsFor(@Nullable Levels before) {
            Levels now = declared.levels();
            if (before == null || now == null || now.retention() == null) {
                return;
            }
            boolean shorter = before.retention() == null
                    || Duration.parse(now.retention()).compareTo(Duration.parse(before.retention())) < 0;
            if (shorter) {
                add(
                        Breach.RETENTION,
                        "records are kept %s in %s and for %s in %s"
                                .formatted(
                                        before.retention() == null ? "for ever" : "for " + before.retention(),
                                        version,
                                        now.retention(),
                                        NEW),
                        "keep them as long: a reader's replay would miss what it had before");
            }
        }

        void add(String rule, String what, String remedy) {
            breaches.add(new Breach(declared.address(), null, null, rule, what, remedy + orMajor(declared)));
        }

        private static String words(@Nullable Object value) {
            return value == null ? "none" : value.toString();
        }
    }

    private static String orMajor(OutputDescription declared) {
        PortAddress address = PortAddress.of(declared.address());
        return ", or publish the change as " + new PortAddress(address.domain(), address.name(), address.major() + 1);
    }
}

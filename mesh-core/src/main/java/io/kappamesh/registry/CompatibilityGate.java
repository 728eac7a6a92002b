package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Lets a schema into an owned subject only if every version before it allows that. */
final class CompatibilityGate {

    private final SchemaRegistryClient client;
    private final RegistryRequests requests;
    private final SubjectVersions subjects;

    CompatibilityGate(SchemaRegistryClient client, RegistryRequests requests, SubjectVersions subjects) {
        this.client = client;
        this.requests = requests;
        this.subjects = subjects;
    }

    /** The id of the schema, after all checks; writes nothing that is there already. One that was deleted is registered again. */
    int pass(String subject, Schema schema, Compatibility compatibility, List<RegisteredSchema> versions) {
        Schema portable = PortableSchema.of(schema);
        Optional<RegisteredSchema> registered = registered(subject, portable, versions);
        if (registered.isPresent()) {
            setLevel(subject, compatibility);
            return registered.get().id();
        }
        requireCompatible(subject, portable, compatibility, versions);
        setLevel(subject, compatibility);
        return requests.answer(
                        "subject %s: registering %s".formatted(subject, portable.getFullName()),
                        () -> client.register(subject, new AvroSchema(portable)))
                .orElseThrow(() -> new RegistryUnavailableException(
                        "subject %s: the registry says it has no place to register to".formatted(subject)));
    }

    /** The version that a schema is already. What is deleted does not count. */
    Optional<RegisteredSchema> registered(String subject, Schema portable, List<RegisteredSchema> versions) {
        List<RegisteredSchema> same = versions.stream()
                .filter(version -> sameText(portable, version.schema()))
                .toList();
        if (same.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> live = subjects.live(subject);
        return same.stream().filter(version -> live.contains(version.version())).findFirst();
    }

    /** Docs and aliases count, unlike in {@code Schema.equals}: a better explanation is a new version too. */
    private static boolean sameText(Schema portable, Schema registered) {
        return portable.toString().equals(PortableSchema.of(registered).toString());
    }

    private static void requireCompatible(
            String subject, Schema schema, Compatibility compatibility, List<RegisteredSchema> versions) {
        List<String> broken = broken(schema, compatibility, versions);
        if (!broken.isEmpty()) {
            throw new IncompatibleSchemaException(
                    "subject %s: the new schema, which would be version %d, is not %s:%n  %s%nundo the change, or publish it as a new major version of the port"
                            .formatted(
                                    subject,
                                    next(versions),
                                    compatibility,
                                    String.join(System.lineSeparator() + "  ", broken)));
        }
    }

    /** Towards itself, because nobody could read data of one that does not fit itself, and towards every version. */
    static List<String> broken(Schema portable, Compatibility compatibility, List<RegisteredSchema> versions) {
        List<String> broken = new ArrayList<>();
        List<SchemaBreach> known = new ArrayList<>();
        versions.forEach(version -> {
            broken.addAll(compatibility.broken(portable, version));
            known.addAll(compatibility.breaches(portable, version.schema()));
        });
        compatibility
                .breachesByItself(portable, known)
                .forEach(breach -> broken.add(breach.sentence("the new schema", "the new schema")));
        return broken;
    }

    private static int next(List<RegisteredSchema> versions) {
        return versions.isEmpty() ? 1 : versions.get(versions.size() - 1).version() + 1;
    }

    /** Read back, because some registries answer the write with nothing, and others take a moment. */
    private void setLevel(String subject, Compatibility compatibility) {
        if (level(subject).equals(compatibility.name())) {
            return;
        }
        requests.answer("subject %s: setting its compatibility level".formatted(subject), () -> {
            client.updateCompatibility(subject, compatibility.name());
            return subject;
        });
        String level = level(subject);
        if (!level.equals(compatibility.name())) {
            throw new RegistryUnavailableException(
                    "subject %s: compatibility level must be %s but the registry still says %s"
                            .formatted(subject, compatibility, level.isEmpty() ? "nothing" : level));
        }
    }

    private String level(String subject) {
        return requests.answer(
                        "subject %s: reading its compatibility level".formatted(subject),
                        () -> String.valueOf(client.getCompatibility(subject)))
                .orElse("");
    }
}

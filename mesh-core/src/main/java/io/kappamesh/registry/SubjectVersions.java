package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Lists the versions of subjects. A version that somebody deleted softly is one still: the registry hides it and keeps its schema,
 * and topics keep its data. One that was deleted for good is gone, and nobody can read its data any more.
 */
final class SubjectVersions {

    /** Numbers of a subject that was deleted for good, all versions of it, may be given again. */
    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private record Version(String subject, int number) {}

    private record Known(int id, long since) {}

    private final SchemaRegistryClient client;
    private final RegistryRequests requests;
    private final LongSupplier nanos;
    private final Map<Version, Known> ids = new ConcurrentHashMap<>();

    SubjectVersions(SchemaRegistryClient client, RegistryRequests requests, LongSupplier nanos) {
        this.client = client;
        this.requests = requests;
        this.nanos = nanos;
    }

    /** The numbers of all versions, those that are deleted softly included, oldest first. */
    List<Integer> all(String subject) {
        TreeSet<Integer> numbers = new TreeSet<>(live(subject));
        numbers.addAll(
                requests.answer("subject %s: listing its versions".formatted(subject), () -> withDeleted(subject))
                        .orElse(List.of()));
        return List.copyOf(numbers);
    }

    /** The numbers of the versions that the registry shows, oldest first. */
    List<Integer> live(String subject) {
        return requests.answer(
                        "subject %s: listing its versions".formatted(subject), () -> client.getAllVersions(subject))
                .orElse(List.of());
    }

    /**
     * The schema id of a version; empty if it was deleted for good in between. It is remembered for a short time, because a start asks for every
     * version twice: when it compares, and when it registers.
     */
    Optional<Integer> id(String subject, int number) {
        Version version = new Version(subject, number);
        Known known = ids.get(version);
        if (known != null && nanos.getAsLong() - known.since() < REMEMBERED.toNanos()) {
            return Optional.of(known.id());
        }
        Optional<Integer> id = requests.answer(
                        "subject %s: reading version %d".formatted(subject, number), () -> withDeleted(subject, number))
                .map(SchemaMetadata::getId);
        id.ifPresent(found -> ids.put(version, new Known(found, nanos.getAsLong())));
        return id;
    }

    private List<Integer> withDeleted(String subject) throws IOException, RestClientException {
        try {
            return client.getAllVersions(subject, true);
        } catch (UnsupportedOperationException e) {
            return List.of(); // a client without a registry behind it, in which nothing is deleted softly
        }
    }

    private SchemaMetadata withDeleted(String subject, int number) throws IOException, RestClientException {
        try {
            return client.getSchemaMetadata(subject, number, true);
        } catch (UnsupportedOperationException e) {
            return client.getSchemaMetadata(subject, number);
        }
    }
}

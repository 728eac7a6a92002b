package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Lists the versions of subjects. A version that somebody deleted softly is one still: the registry hides it and keeps its schema,
 * and topics keep its data. One that was deleted for good is gone, and nobody can read its data any more.
 */
final class SubjectVersions {

    private final SchemaRegistryClient client;
    private final RegistryRequests requests;

    SubjectVersions(SchemaRegistryClient client, RegistryRequests requests) {
        this.client = client;
        this.requests = requests;
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

    /** What a version is; empty if it was deleted for good in between. */
    Optional<SchemaMetadata> metadata(String subject, int number) {
        return requests.answer(
                "subject %s: reading version %d".formatted(subject, number), () -> withDeleted(subject, number));
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

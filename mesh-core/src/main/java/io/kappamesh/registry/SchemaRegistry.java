package io.kappamesh.registry;

import static java.util.Objects.requireNonNull;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kappamesh.avro.SchemaResolution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schema registry: what an id in front of a record means, and the gate for schemas that we own.
 *
 * <p>Thread-safe. An id once found is never asked for again, so a registry that goes away later stops nothing that is running.
 */
public final class SchemaRegistry implements AutoCloseable {

    private final SchemaRegistryClient client;
    private final RegistryRequests requests;
    private final SubjectVersions subjects;
    private final CompatibilityGate gate;
    private final MissingIds missing;
    /** Schemas, and ids of which the registry says that they are none of Avro: neither ever changes. */
    private final ConcurrentMap<Integer, SchemaLookup> settled = new ConcurrentHashMap<>();

    private final ConcurrentMap<Integer, CompletableFuture<SchemaLookup>> underWay = new ConcurrentHashMap<>();

    SchemaRegistry(SchemaRegistryClient client, LongSupplier nanoTime) {
        this(client, new RegistryRequests("the registry"), nanoTime);
    }

    private SchemaRegistry(SchemaRegistryClient client, RegistryRequests requests, LongSupplier nanoTime) {
        this.client = requireNonNull(client, "client");
        this.requests = requests;
        this.subjects = new SubjectVersions(client, requests, nanoTime);
        this.gate = new CompatibilityGate(client, requests, subjects);
        this.missing = new MissingIds(nanoTime);
    }

    /**
     * A registry that is reached over HTTP. Nothing is sent yet.
     *
     * @param settings with Confluent's names: {@code schema.registry.url} (one or more, separated by commas),
     *     {@code basic.auth.credentials.source}, {@code basic.auth.user.info}, {@code bearer.auth.…},
     *     {@code schema.registry.ssl.…}. Unless set, {@code http.connect.timeout.ms} is 2000 and {@code http.read.timeout.ms}
     *     3000, for each of the URLs, so that a registry that hangs does not hold a stream thread for long
     * @throws IllegalArgumentException with {@linkplain #problems all that is wrong}
     */
    public static SchemaRegistry connect(Map<String, ?> settings) {
        return new SchemaRegistry(
                ClientSettings.client(settings),
                new RegistryRequests(RegistryAddress.shown(settings.get(RegistryAccess.URL))),
                System::nanoTime);
    }

    /**
     * What is wrong with such settings, by setting; empty = nothing. Sends nothing, and the sentences hold no secrets.
     *
     * @param settings as for {@link #connect}, and {@code sasl.jaas.config} where credentials are inherited
     */
    public static Map<String, String> problems(Map<String, ?> settings) {
        return ClientSettings.problems(settings);
    }

    /** Addresses of a registry as they can be shown: without user and password, and hidden where they have not their form. */
    public static String withoutCredentials(String addresses) {
        return RegistryAddress.shown(addresses);
    }

    /** A registry behind a client that somebody else has made; {@link #close} closes it. */
    public static SchemaRegistry over(SchemaRegistryClient client) {
        return new SchemaRegistry(client, System::nanoTime);
    }

    /**
     * What an id stands for. Sends a request if the answer is not remembered, and then waits no longer than the timeouts; threads that
     * ask for one id at the same time share one request. What is missing is asked for again after a minute, what was unreachable
     * at the next call.
     */
    public SchemaLookup lookup(int id) {
        SchemaLookup certain = certain(id);
        if (certain != null) {
            return certain;
        }
        return missing.contains(id) ? unknown(id) : share(id);
    }

    /** Whether {@link #lookup} would answer at once. Sends nothing. */
    public boolean knows(int id) {
        return isSettled(id) || missing.contains(id);
    }

    /**
     * Whether the answer of {@link #lookup} will never change: a schema, one that is not Avro, or an id that no registry gives.
     * Sends nothing.
     */
    public boolean isSettled(int id) {
        return certain(id) != null;
    }

    /**
     * What an id stands for now. Unlike {@link #lookup} it believes no earlier answer that the id is missing: what is asked for after
     * a record was written, and is missing, was not registered by whoever wrote it.
     */
    public SchemaLookup ask(int id) {
        SchemaLookup certain = certain(id);
        return certain == null ? fetch(id) : certain;
    }

    /** Lets {@link #lookup} answer for the next minute that an id is missing, without a request: somebody has asked for it. */
    public void rememberMissing(int id) {
        if (!isSettled(id)) {
            missing.add(id);
        }
    }

    /**
     * The versions of a subject, oldest first; empty if there is no such subject. Their ids are known from now on. Those that are
     * deleted softly are among them: topics have their data still.
     *
     * @throws RegistryUnavailableException if the registry gives no answer
     * @throws IncompatibleSchemaException if a version is not Avro
     */
    public List<RegisteredSchema> versions(String subject) {
        List<RegisteredSchema> versions = new ArrayList<>();
        for (int number : subjects.all(subject)) {
            version(subject, number).ifPresent(versions::add);
        }
        return List.copyOf(versions);
    }

    /**
     * The compatibility gate: checks a schema against <em>every</em> version of a subject that we own, sets the subject's level at
     * the registry if it is another, and registers. If the schema is there already, nothing is written; so every start may call it.
     *
     * <p>Stricter than the registry: see {@code docs/adr/0023}: a change of a decimal's scale or of a unit of time, for example, is refused too.
     *
     * @return the id to encode with
     * @throws IncompatibleSchemaException naming each version that is broken, the field and why; or if the registry refuses
     * @throws RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    public int register(String subject, Schema schema, Compatibility compatibility) {
        return gate.pass(subject, schema, compatibility, allVersions(subject));
    }

    /**
     * What {@link #register} would refuse, in plain words; empty = nothing. Writes nothing.
     *
     * @throws IncompatibleSchemaException if an earlier version cannot be compared
     * @throws RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    public List<String> broken(String subject, Schema schema, Compatibility compatibility) {
        Schema portable = PortableSchema.of(schema);
        List<RegisteredSchema> versions = allVersions(subject);
        if (gate.registered(subject, portable, versions).isPresent()) {
            return List.of();
        }
        return CompatibilityGate.broken(portable, compatibility, versions);
    }

    /**
     * The same as {@link #versions}, of a subject that we own. Registries exist that list what is deleted softly, and do not hand it out once no
     * other version is left; nothing can be compared with that, and topics may have its data still.
     *
     * @throws IncompatibleSchemaException if a version is listed and cannot be had
     */
    private List<RegisteredSchema> allVersions(String subject) {
        List<RegisteredSchema> versions = new ArrayList<>();
        List<Integer> withheld = new ArrayList<>();
        for (int number : subjects.all(subject)) {
            version(subject, number).ifPresentOrElse(versions::add, () -> withheld.add(number));
        }
        if (!withheld.isEmpty()) {
            withheld.retainAll(subjects.all(subject)); // others were deleted for good in between
        }
        if (!withheld.isEmpty()) {
            throw new IncompatibleSchemaException(
                    "subject %s: versions %s are deleted softly, topics may have their data still, and the registry does not hand them out, so that"
                                    .formatted(subject, withheld)
                            + " nothing can be compared with them; register one of them again, or delete them for good (permanent=true) if"
                            + " no topic has their data");
        }
        return List.copyOf(versions);
    }

    /**
     * Checks that a reader's schema takes the data of every version of somebody else's subject.
     *
     * @throws IncompatibleSchemaException naming each version it cannot read, the field and why
     * @throws RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    public void requireReadable(String subject, Schema reader) {
        List<String> unreadable = new ArrayList<>();
        for (RegisteredSchema version : versions(subject)) {
            SchemaResolution.of(reader, version.schema())
                    .gaps()
                    .forEach(why -> unreadable.add("version %d: %s".formatted(version.version(), why)));
        }
        if (!unreadable.isEmpty()) {
            throw new IncompatibleSchemaException(
                    "subject %s: %s cannot read all of its data:%n  %s%nchange the reader's schema, or read another major version of the port"
                            .formatted(
                                    subject,
                                    reader.getFullName(),
                                    String.join(System.lineSeparator() + "  ", unreadable)));
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new RegistryUnavailableException("closing the registry's client", e);
        }
    }

    private @Nullable SchemaLookup certain(int id) {
        // Registries count from 1. Half of all garbage claims a negative id.
        return id < 0 ? unknown(id) : settled.get(id);
    }

    private static SchemaLookup.Missing unknown(int id) {
        return new SchemaLookup.Missing("schema id %d is unknown to the registry".formatted(id));
    }

    private SchemaLookup share(int id) {
        CompletableFuture<SchemaLookup> mine = new CompletableFuture<>();
        CompletableFuture<SchemaLookup> other = underWay.putIfAbsent(id, mine);
        if (other != null) {
            return other.join();
        }
        try {
            SchemaLookup answer = fetch(id);
            mine.complete(answer);
            return answer;
        } finally {
            underWay.remove(id);
            mine.complete(
                    new SchemaLookup.Unreachable(new IllegalStateException("the request ended without an answer")));
        }
    }

    private SchemaLookup fetch(int id) {
        try {
            ParsedSchema schema = client.getSchemaById(id);
            return settle(
                    id,
                    schema instanceof AvroSchema avro
                            ? new SchemaLookup.Found(avro.rawSchema())
                            : new SchemaLookup.Missing(
                                    "schema id %d is a %s schema, not Avro".formatted(id, schema.schemaType())));
        } catch (SchemaFormats.NotAvro e) {
            return settle(id, new SchemaLookup.Missing("schema id %d %s".formatted(id, e.getMessage())));
        } catch (RestClientException e) {
            if (RegistryRequests.saysAbsent(e)) {
                missing.add(id);
                return unknown(id);
            }
            return new SchemaLookup.Unreachable(requests.fault("schema id %d".formatted(id), e));
        } catch (IOException | RuntimeException e) {
            return new SchemaLookup.Unreachable(e);
        }
    }

    private SchemaLookup settle(int id, SchemaLookup answer) {
        missing.remove(id);
        SchemaLookup first = settled.putIfAbsent(id, answer);
        return first == null ? answer : first;
    }

    /** Empty if somebody deleted it in between. */
    private Optional<RegisteredSchema> version(String subject, int number) {
        return subjects.id(subject, number).map(id -> new RegisteredSchema(id, number, schema(subject, number, id)));
    }

    private Schema schema(String subject, int number, int id) {
        return lookup(id)
                .fold(
                        schema -> schema,
                        reason -> {
                            throw new IncompatibleSchemaException(
                                    "subject %s: version %d: %s".formatted(subject, number, reason));
                        },
                        cause -> {
                            if (cause instanceof RegistryRefusedException refused) {
                                throw refused;
                            }
                            throw new RegistryUnavailableException(
                                    "subject %s: reading version %d: the registry does not answer"
                                            .formatted(subject, number),
                                    cause);
                        });
    }
}

package io.kappamesh.system;

import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/**
 * A broker that lets nobody do anything without a rule, where users say who they are by SCRAM; a registry behind a {@link RegistryGuard}; and
 * programs of domains and of operators as processes. Whoever comes by the other listener may do everything.
 */
final class SecuredPlatform implements AutoCloseable {
    private final Path home;
    private final int secured;
    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final RegistryGuard guard;
    private final Admin admin;
    private final List<JavaProcess> running = new ArrayList<>();
    private int commands;

    /** How a program ended. */
    record Ended(int code, String said) {}

    SecuredPlatform(Path home, List<String> users, Map<String, List<String>> writers) throws Exception {
        this.home = home;
        List<Integer> ports = Ports.free(3);
        secured = ports.get(1);
        String open = "PLAINTEXT://127.0.0.1:" + ports.get(0);
        String closed = "SECURED://127.0.0.1:" + secured;
        kafka = LocalKafka.builder()
                .port(ports.get(0))
                .directory(home.resolve("broker"))
                .property("listeners", open + "," + closed + ",CONTROLLER://127.0.0.1:" + ports.get(2))
                .property("advertised.listeners", open + "," + closed)
                .property("controller.quorum.voters", "1@127.0.0.1:" + ports.get(2))
                .property(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT")
                .property("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .property(
                        "listener.name.secured.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("super.users", "User:ANONYMOUS")
                .start();
        registry = LocalRegistry.builder().directory(home.resolve("registry")).start();
        guard = new RegistryGuard(
                registry.url(),
                users.stream().collect(Collectors.toMap(user -> user, SecuredPlatform::password)),
                writers);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        admin.alterUserScramCredentials(users.stream()
                        .<UserScramCredentialAlteration>map(user -> new UserScramCredentialUpsertion(
                                user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password(user)))
                        .toList())
                .all()
                .get();
    }

    static String password(String user) {
        return "canary-of-" + user;
    }

    /** Of whoever may do everything. */
    Admin admin() {
        return admin;
    }

    /** Where nobody asks who one is. */
    String openBootstrapServers() {
        return kafka.bootstrapServers();
    }

    String openRegistryUrl() {
        return registry.url();
    }

    /** How a user reaches the broker. */
    Map<String, String> client(String user) {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + secured,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + password(user) + "\";");
    }

    /** Runs a command of a domain's program to its end. */
    Ended domain(String domain, String user, String... arguments) throws IOException {
        return ended(program(domain, user, "command-" + commands++).arguments(arguments));
    }

    /** Runs a command of a domain's program with another password for the registry. */
    Ended domainWithRegistryUser(String domain, String user, String userInfo, String... arguments) throws IOException {
        return ended(program(domain, user, "command-" + commands++)
                .environment(Map.of("MESH_BASIC_AUTH_USER_INFO", userInfo))
                .arguments(arguments));
    }

    /** Runs an operator's command to its end, as {@code ./mesh} does. */
    Ended mesh(String user, String... arguments) throws IOException {
        return ended(JavaCommand.main(
                        "mesh " + String.join(" ", arguments),
                        home.resolve("logs").resolve("command-" + commands++ + ".log"),
                        System.getProperty("java.class.path"),
                        "io.kappamesh.console.Mesh")
                .jvmArguments("-Xmx512m", "-XX:+UseSerialGC")
                .environment(environment(user))
                .arguments(arguments));
    }

    private static Ended ended(JavaCommand command) throws IOException {
        JavaProcess process = command.start();
        int code = process.awaitExitCode();
        String said = Files.readString(process.logFile());
        System.out.println(process.name() + ": " + code + "\n" + said.indent(4));
        return new Ended(code, said);
    }

    /** Starts a domain; the process of it. */
    JavaProcess run(String domain, String user, int httpPort) {
        JavaProcess process = program(domain, user, domain)
                .environment(Map.of("MESH_HTTP_PORT", Integer.toString(httpPort)))
                .arguments("run")
                .start();
        running.add(process);
        return process;
    }

    private JavaCommand program(String domain, String user, String log) {
        return DomainProgram.of(domain, home.resolve("logs").resolve(log + ".log"))
                .environment(environment(user))
                .environment(
                        Map.of("MESH_STATE_DIR", home.resolve("state-" + domain).toString()));
    }

    private Map<String, String> environment(String user) {
        Map<String, String> environment = new HashMap<>();
        client(user)
                .forEach((key, value) ->
                        environment.put("MESH_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        environment.put("MESH_SCHEMA_REGISTRY_URL", guard.url());
        environment.put("MESH_BASIC_AUTH_CREDENTIALS_SOURCE", "USER_INFO");
        environment.put("MESH_BASIC_AUTH_USER_INFO", user + ":" + password(user));
        return environment;
    }

    /** Does what the printed commands of Kafka would do. */
    void grant(List<AclBinding> bindings) throws Exception {
        admin.createAcls(bindings).all().get();
    }

    void revoke(List<AclBinding> bindings) throws Exception {
        admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList())
                .all()
                .get();
    }

    /** What commands for {@code kafka-acls.sh} say. */
    static List<AclBinding> bindings(String printed) {
        return printed.lines()
                .filter(line -> line.startsWith("kafka-acls.sh "))
                .flatMap(line -> binding(line.split(" ", -1)))
                .toList();
    }

    private static Stream<AclBinding> binding(String[] words) {
        String principal = "";
        String name = "";
        ResourceType resource = ResourceType.UNKNOWN;
        PatternType pattern = PatternType.LITERAL;
        List<AclOperation> operations = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            switch (words[i]) {
                case "--add" -> {}
                case "--bootstrap-server" -> i++;
                case "--allow-principal" -> principal = words[++i];
                case "--operation" -> operations.add(SecurityUtils.operation(words[++i]));
                case "--resource-pattern-type" -> pattern = PatternType.fromString(words[++i].toUpperCase(Locale.ROOT));
                case "--cluster" -> {
                    resource = ResourceType.CLUSTER;
                    name = "kafka-cluster";
                }
                case "--topic", "--group", "--transactional-id" -> {
                    resource = SecurityUtils.resourceType(
                            words[i].substring(2).replace("transactional-id", "TransactionalId"));
                    name = words[++i];
                }
                default -> throw new IllegalArgumentException("unknown option " + words[i]);
            }
        }
        ResourcePattern on = new ResourcePattern(resource, name, pattern);
        String whom = principal;
        return operations.stream()
                .map(operation ->
                        new AclBinding(on, new AccessControlEntry(whom, "*", operation, AclPermissionType.ALLOW)));
    }

    /** Everything that any process wrote. */
    String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(home.resolve("logs"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        running.forEach(JavaProcess::kill);
        admin.close();
        guard.close();
        registry.close();
        kafka.close();
    }
}

package io.kappamesh.build;

import io.kappamesh.lint.CapturedClasses;
import io.kappamesh.lint.CodeMethod;
import io.kappamesh.lint.Linter;
import io.kappamesh.lint.ProductClasses;
import io.kappamesh.lint.ReachableCode;
import io.kappamesh.lint.WiringCodecs;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.StreamingProduct;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * By what two builds of a product can be told apart, without brokers or a registry. Comments, line numbers, and code that the topology
 * cannot reach make no difference. What the product's own code calls of libraries is not looked at.
 *
 * @param topology digest of the topology's description: its steps with their names, in their order
 * @param classes digest of the methods that can run of each class of the product's own, by the name of the class
 * @param topologyFingerprint what the state depends on, see {@code AssembledProduct}
 */
public record CodeFingerprint(String topology, Map<String, String> classes, List<String> topologyFingerprint) {
    private static final int BYTES_KEPT = 8;

    public CodeFingerprint {
        classes = new TreeMap<>(classes);
        topologyFingerprint = List.copyOf(topologyFingerprint);
    }

    /**
     * Wires the product once more, and looks.
     *
     * @param streamsConfig the configuration it will run with; application id and brokers may be missing
     */
    public static CodeFingerprint of(StreamingProduct product, Map<String, ?> streamsConfig) {
        try (WiringCodecs codecs = new WiringCodecs()) {
            AssembledProduct assembled = Linter.assembled(product, streamsConfig, codecs);
            Map<String, String> classes =
                    codecs.wiring().map(wiring -> classes(wiring, product)).orElse(Map.of());
            return new CodeFingerprint(digest(steps(assembled.topology())), classes, assembled.fingerprint());
        }
    }

    /** A line for each step, sorted: the description that Kafka Streams prints has no order of its own. */
    private static List<byte[]> steps(Topology topology) {
        List<String> lines = new ArrayList<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                lines.add(part.id() + " " + node.name() + " " + detail(node) + " to "
                        + node.successors().stream()
                                .map(TopologyDescription.Node::name)
                                .sorted()
                                .toList());
            }
        }
        return lines.stream()
                .sorted()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String detail(TopologyDescription.Node node) {
        if (node instanceof TopologyDescription.Source source) {
            return "reads " + (source.topicSet() == null ? "" : new TreeSet<>(source.topicSet()));
        }
        if (node instanceof TopologyDescription.Processor processor) {
            return "with " + new TreeSet<>(processor.stores());
        }
        return node instanceof TopologyDescription.Sink sink && sink.topic() != null ? "writes " + sink.topic() : "";
    }

    private static Map<String, String> classes(WiringCodecs.Wiring wiring, StreamingProduct product) {
        Map<String, Set<CodeMethod.Id>> reached = new TreeMap<>();
        ReachableCode.from(wiring, product)
                .methods()
                .forEach(one -> reached.computeIfAbsent(one.method().id().owner(), first -> new TreeSet<>(BY_NAME))
                        .add(one.method().id()));
        ProductClasses files = ProductClasses.around(wiring.host());
        // What the wiring was given is called through types of libraries too, where nobody can follow.
        CapturedClasses.types(product.topology(), files)
                .forEach(type -> files.find(type)
                        .ifPresent(given -> given.methods()
                                .forEach(method -> reached.computeIfAbsent(type, first -> new TreeSet<>(BY_NAME))
                                        .add(method.id()))));
        Map<String, String> classes = new TreeMap<>();
        reached.forEach((owner, methods) -> files.file(owner)
                .ifPresent(file -> classes.put(
                        owner.replace('/', '.'),
                        digest(methods.stream()
                                .map(method -> body(file, method))
                                .toList()))));
        return classes;
    }

    private static final Comparator<CodeMethod.Id> BY_NAME =
            Comparator.comparing(CodeMethod.Id::name).thenComparing(CodeMethod.Id::descriptor);

    /** A class file with nothing in it but this method, without lines and names of variables. */
    private static byte[] body(byte[] file, CodeMethod.Id method) {
        ClassWriter only = new ClassWriter(0);
        new ClassReader(file)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public @Nullable MethodVisitor visitMethod(
                                    int access,
                                    String name,
                                    String descriptor,
                                    @Nullable String signature,
                                    String @Nullable [] exceptions) {
                                return name.equals(method.name()) && descriptor.equals(method.descriptor())
                                        ? only.visitMethod(access, name, descriptor, null, exceptions)
                                        : null;
                            }
                        },
                        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return only.toByteArray();
    }

    private static String digest(List<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES_KEPT);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

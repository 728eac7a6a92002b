package io.kappamesh.provision;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads Kafka Streams as another version might be, and everything of ours anew on top of it: a private field has another name, or a class is
 * not there. Both are done to Kafka's own classes as they are loaded.
 */
final class AnotherStreams extends ClassLoader {
    static final String VERSION = "9.9.9";

    private static final String INTERNALS = "org.apache.kafka.streams.kstream.internals.";

    private final @Nullable String changedClass;
    private final @Nullable String renamedField;
    private final Set<String> gone;

    private AnotherStreams(@Nullable String changedClass, @Nullable String renamedField, Set<String> gone) {
        super(AnotherStreams.class.getClassLoader());
        this.changedClass = changedClass;
        this.renamedField = renamedField;
        this.gone = gone;
    }

    static AnotherStreams unchanged() {
        return new AnotherStreams(null, null, Set.of());
    }

    static AnotherStreams withRenamedField(String operator, String field) {
        return new AnotherStreams(INTERNALS + operator, field, Set.of());
    }

    static AnotherStreams without(String operator) {
        return new AnotherStreams(null, null, Set.of(INTERNALS + operator));
    }

    /** Runs a public static method without parameters of a class of ours. */
    void run(Class<?> type, String method) throws Throwable {
        try {
            loadClass(type.getName()).getMethod(method).invoke(null);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (gone.contains(name)) {
            throw new ClassNotFoundException(name);
        }
        if (Stream.of("io.kappamesh.", "org.example.", "org.apache.kafka.streams.")
                .noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream resource = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (resource == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = resource.readAllBytes();
            byte[] code = name.equals(changedClass) ? renamed(bytes) : bytes;
            return defineClass(name, code, 0, code.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        return name.equals("kafka/kafka-streams-version.properties")
                ? new ByteArrayInputStream(("version=" + VERSION).getBytes(StandardCharsets.UTF_8))
                : super.getResourceAsStream(name);
    }

    private byte[] renamed(byte[] bytes) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(bytes)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public FieldVisitor visitField(
                                    int access, String name, String type, String signature, Object value) {
                                return super.visitField(access, newName(name), type, signature, value);
                            }

                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String type, String signature, String[] exceptions) {
                                MethodVisitor method = super.visitMethod(access, name, type, signature, exceptions);
                                return new MethodVisitor(Opcodes.ASM9, method) {
                                    @Override
                                    public void visitFieldInsn(int opcode, String owner, String field, String of) {
                                        boolean own = owner.replace('/', '.').equals(changedClass);
                                        super.visitFieldInsn(opcode, owner, own ? newName(field) : field, of);
                                    }
                                };
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private String newName(String field) {
        return field.equals(renamedField) ? field + "OfAnotherVersion" : field;
    }
}

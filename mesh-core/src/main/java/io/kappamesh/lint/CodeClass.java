package io.kappamesh.lint;

import io.kappamesh.Internal;
import io.kappamesh.lint.CodeMethod.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What there is to know of one class file. Read once, by one thread; unchanged since. */
@Internal
public final class CodeClass extends ClassVisitor {
    private static final int ASM = Opcodes.ASM9;
    /** In place of the type of a punctuation that is no constant of its method. */
    static final String UNKNOWN = "a type that is given from elsewhere";

    private static final String PUNCTUATION = "org/apache/kafka/streams/processor/PunctuationType";

    private String name = "";
    private String source = "";
    private final List<String> supertypes = new ArrayList<>();
    private final List<CodeMethod> methods = new ArrayList<>();
    private boolean generatedByAvro;

    private CodeClass() {
        super(ASM);
    }

    static CodeClass read(byte[] classFile) {
        CodeClass read = new CodeClass();
        new ClassReader(classFile).accept(read, ClassReader.SKIP_FRAMES);
        return read;
    }

    /** Where a line is: {@code Steps.java:31}. */
    String at(int line) {
        return source + ":" + line;
    }

    /** The superclass first, then the interfaces. */
    List<String> supertypes() {
        return supertypes;
    }

    public List<CodeMethod> methods() {
        return methods;
    }

    Optional<CodeMethod> method(String method, String descriptor) {
        return methods.stream()
                .filter(one ->
                        one.id().name().equals(method) && one.id().descriptor().equals(descriptor))
                .findFirst();
    }

    /** Whether Avro generated it; what it does is Avro's concern. */
    boolean isGeneratedByAvro() {
        return generatedByAvro;
    }

    @Override
    public void visit(
            int version,
            int access,
            String internalName,
            @Nullable String signature,
            @Nullable String superName,
            String[] interfaces) {
        name = internalName;
        source = internalName;
        if (superName != null) {
            supertypes.add(superName);
        }
        supertypes.addAll(Arrays.asList(interfaces));
    }

    @Override
    public void visitSource(@Nullable String file, @Nullable String debug) {
        if (file != null) {
            source = file;
        }
    }

    @Override
    public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        generatedByAvro |= descriptor.equals("Lorg/apache/avro/specific/AvroGenerated;");
        return null;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        return new Body(new CodeMethod.Id(name, method, descriptor), access);
    }

    private final class Body extends MethodVisitor {
        private final CodeMethod.Id id;
        private final int access;
        private final List<Step> steps = new ArrayList<>();
        private int line;
        private String punctuation = UNKNOWN;

        Body(CodeMethod.Id id, int access) {
            super(ASM);
            this.id = id;
            this.access = access;
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
            if (owner.equals(PUNCTUATION)) {
                punctuation = field;
            } else if (opcode == Opcodes.GETSTATIC) {
                steps.add(new Step.StaticRead(line, owner, field, descriptor));
            } else if (opcode == Opcodes.PUTSTATIC) {
                steps.add(new Step.StaticWrite(line, owner, field));
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
            call(owner, method, descriptor, opcode == Opcodes.INVOKESTATIC);
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle && handle.getTag() >= Opcodes.H_INVOKEVIRTUAL) {
                    call(
                            handle.getOwner(),
                            handle.getName(),
                            handle.getDesc(),
                            handle.getTag() == Opcodes.H_INVOKESTATIC);
                }
            }
        }

        private void call(String owner, String method, String descriptor, boolean isStatic) {
            boolean schedules =
                    method.equals("schedule") && descriptor.startsWith("(Ljava/time/Duration;L" + PUNCTUATION + ";");
            steps.add(new Step.Call(
                    line, new CodeMethod.Id(owner, method, descriptor), isStatic, schedules ? punctuation : ""));
        }

        @Override
        public void visitEnd() {
            methods.add(new CodeMethod(id, access, steps));
        }
    }
}

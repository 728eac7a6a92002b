package io.kappamesh.lint;

import io.kappamesh.Internal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;

/**
 * A method of a class file, as far as it matters what it calls.
 *
 * @param id which one
 * @param access its modifiers, as class files write them
 * @param steps what it does to what is outside of it, in the order of its lines
 */
@Internal
public record CodeMethod(Id id, int access, List<Step> steps) {
    static final String INITIALIZER = "<clinit>";
    static final String CONSTRUCTOR = "<init>";
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

    public CodeMethod {
        steps = List.copyOf(steps);
    }

    /**
     * @param owner the class by its internal name: {@code org/example/Steps}
     * @param name its name, or {@code <init>}, {@code <clinit>}, {@code lambda$day$0}
     * @param descriptor its parameters and result
     */
    public record Id(String owner, String name, String descriptor) {

        /** As a programmer would say it: a lambda belongs to the method it stands in, {@code new} and {@code static} are initializers. */
        String place() {
            String type = owner.substring(owner.lastIndexOf('/') + 1).replace('$', '.');
            Matcher lambda = LAMBDA.matcher(name);
            String method = lambda.matches() ? lambda.group(1) : name;
            return type + "."
                    + switch (method) {
                        case CONSTRUCTOR -> "new";
                        case INITIALIZER -> "static";
                        default -> method;
                    };
        }
    }

    /** What a method does. Lines are those of the source file; 0 = not known. */
    sealed interface Step {
        int line();

        /**
         * Calls a method, or makes a function of it.
         *
         * @param argument the type of punctuation where one is scheduled, else empty
         */
        record Call(int line, Id target, boolean isStatic, String argument) implements Step {}

        /** Reads a static field. */
        record StaticRead(int line, String owner, String name, String descriptor) implements Step {}

        /** Writes a static field. */
        record StaticWrite(int line, String owner, String name) implements Step {}
    }

    boolean isStatic() {
        return (access & Opcodes.ACC_STATIC) != 0;
    }

    /** Whether somebody who holds an object of the class could call it without being seen here. */
    boolean isCallback() {
        return (access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_ABSTRACT)) == 0
                && !id.name().startsWith("<");
    }
}

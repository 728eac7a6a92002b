package io.kappamesh.benchmarks.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way to do a benchmark's job.
 *
 * @param name what tables call it
 * @param program what {@code ArmMain} calls it
 * @param classPath of its process: that of another checkout, where this one is compared with an earlier one
 * @param jvmArguments of its process, besides those of all arms
 * @param output the topic or table that it writes; empty if it writes none
 * @param ours whether it runs code of this library, and so has other forms to be compared with
 * @param meaning in words
 */
public record Arm(
        String name,
        String program,
        String classPath,
        List<String> jvmArguments,
        String output,
        boolean ours,
        String meaning) {
    /** What stands in the name of an arm that is another form of one, in front of what differs. */
    private static final String OTHERWISE = "@";

    public Arm {
        jvmArguments = List.copyOf(jvmArguments);
    }

    public Arm(String name, String output, boolean ours, String meaning) {
        this(name, name, System.getProperty("java.class.path"), List.of(), output, ours, meaning);
    }

    /** The same program under a name of its own. */
    public Arm named(String other, String otherMeaning) {
        return new Arm(other, program, classPath, jvmArguments, output, ours, otherMeaning);
    }

    /** The same out of another checkout. */
    public Arm from(String otherClassPath) {
        return new Arm(
                name + OTHERWISE + "baseline",
                program,
                otherClassPath,
                jvmArguments,
                output,
                ours,
                meaning + ", of the baseline");
    }

    /** The same with one more argument for its JVM. */
    public Arm with(String argument) {
        return new Arm(
                name + OTHERWISE + argument,
                program,
                classPath,
                Stream.concat(jvmArguments.stream(), Stream.of(argument)).toList(),
                output,
                ours,
                meaning + ", with " + argument);
    }

    /** Beside the arm that it is another form of, this build or the plain form above; empty if it is none. */
    public Optional<Ratio> toItsForm(Ratio.Maker maker) {
        int end = name.indexOf(OTHERWISE);
        if (end < 0) {
            return Optional.empty();
        }
        String plain = name.substring(0, end);
        return Optional.of(jvmArguments.isEmpty() ? maker.of(plain, name, "") : maker.of(name, plain, ""));
    }
}

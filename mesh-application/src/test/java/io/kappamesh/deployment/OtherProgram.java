package io.kappamesh.deployment;

/** A program that is none of a domain. */
final class OtherProgram {
    private OtherProgram() {}

    public static void main(String[] arguments) {
        System.exit(arguments.length);
    }
}

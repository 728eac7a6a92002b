package io.kappamesh.system;

import io.kappamesh.application.MeshApplication;
import java.util.Arrays;
import java.util.List;

/** The program of a domain that owns {@link SoldItems}: {@code DOMAIN} and what the program of every domain is given. */
final class Participant {
    private Participant() {}

    public static void main(String[] arguments) {
        String[] command = Arrays.copyOfRange(arguments, 1, arguments.length);
        System.exit(MeshApplication.of(List.of(new SoldItems(arguments[0]).product()))
                .run(command, System.getenv()));
    }
}

package io.kappamesh.deployment;

import io.kappamesh.application.MeshApplication;
import io.kappamesh.fixture.Stall;
import java.util.List;

/** A domain's program that a test packs into a build. */
final class PackedProgram {
    private PackedProgram() {}

    public static void main(String[] arguments) {
        Stall stall = new Stall("packed");
        System.exit(MeshApplication.of(List.of(stall.copy(stall.raw))).run(arguments, System.getenv()));
    }
}

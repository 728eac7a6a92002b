package io.kappamesh.application;

import io.kappamesh.fixture.Stall;
import java.util.List;

/** A domain's program that a test runs in a process of its own. */
final class SmallProgram {
    private SmallProgram() {}

    public static void main(String[] arguments) {
        Stall stall = new Stall("small");
        System.exit(MeshApplication.of(List.of(stall.copy(stall.raw))).run(arguments, System.getenv()));
    }
}

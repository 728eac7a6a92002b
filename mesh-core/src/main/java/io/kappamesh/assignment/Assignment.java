package io.kappamesh.assignment;

import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Role;
import java.util.List;

/** What a process that starts is to do about the generations of a product. */
sealed interface Assignment {
    /** It runs these; not empty. */
    record Run(List<GenerationRecord> generations) implements Assignment {
        public Run {
            generations = List.copyOf(generations);
        }
    }

    /** It begins the next generation, and looks again. */
    record Begin(Role role) implements Assignment {}

    /** It decides that its own build computes a generation from now on, unless a process of that has come meanwhile; and looks again. */
    record Adopt(GenerationRecord generation) implements Assignment {}

    /** Processes of another build run the generation. It looks again when they are gone. */
    record Await(GenerationRecord generation) implements Assignment {}

    /** There is nothing that this build may run, and no waiting helps. */
    record Refuse(String why) implements Assignment {}
}

package io.kappamesh.declaration;

import io.kappamesh.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a builder made: a value, or everything that is wrong with it, which is reported when somebody asks for the value. Ports are
 * declared in static fields, where an exception would hide behind a {@code NoClassDefFoundError} in every later use of the class.
 */
@Internal
public final class Declared<T> {
    private final @Nullable T value;
    private final @Nullable DeclarationException wrong;

    private Declared(@Nullable T value, @Nullable DeclarationException wrong) {
        this.value = value;
        this.wrong = wrong;
    }

    public static <T> Declared<T> of(T value) {
        return new Declared<>(value, null);
    }

    /** Remembers where it was declared. */
    public static <T> Declared<T> wrong(List<String> problems) {
        return new Declared<>(null, new DeclarationException(problems));
    }

    /**
     * The value.
     *
     * @throws DeclarationException with every problem of it; its cause says where it was declared
     */
    public T get() {
        if (value == null) {
            DeclarationException told = new DeclarationException(wrong == null ? List.of() : wrong.problems());
            told.initCause(wrong);
            throw told;
        }
        return value;
    }

    /** The same with these problems besides. */
    public Declared<T> with(List<String> more) {
        List<String> all = new ArrayList<>(wrong == null ? List.of() : wrong.problems());
        all.addAll(more);
        return wrong(all);
    }

    public Optional<T> found() {
        return Optional.ofNullable(value);
    }

    /** What a step gives; null, with its problems added, if it refuses. */
    public static <T> @Nullable T attempt(List<String> problems, Supplier<T> step) {
        try {
            return step.get();
        } catch (DeclarationException refused) {
            problems.addAll(refused.problems());
            return null;
        }
    }
}

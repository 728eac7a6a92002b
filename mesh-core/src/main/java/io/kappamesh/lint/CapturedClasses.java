package io.kappamesh.lint;

import io.kappamesh.Internal;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The product's own classes of what a wiring was given before it ran: fields of an object, variables that a lambda captured. Their
 * methods are called through the types that the code knows them by. Used once, by one thread.
 */
@Internal
public final class CapturedClasses {
    private static final int DEEP_ENOUGH = 8;

    private final ProductClasses classes;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> types = new LinkedHashSet<>();

    private CapturedClasses(ProductClasses classes) {
        this.classes = classes;
    }

    /** By their internal names. */
    public static Set<String> types(Object wiring, ProductClasses classes) {
        CapturedClasses captured = new CapturedClasses(classes);
        captured.look(wiring, 0);
        return captured.types;
    }

    private void look(@Nullable Object at, int depth) {
        if (at == null || depth > DEEP_ENOUGH || !seen.add(at)) {
            return;
        }
        // The class of a lambda has no file; its name begins with that of the class it stands in.
        String name = at.getClass().getName().replace('.', '/');
        int lambda = name.indexOf("$$Lambda");
        if (classes.find(lambda < 0 ? name : name.substring(0, lambda)).isEmpty()) {
            return;
        }
        if (lambda < 0) {
            types.add(name);
        }
        for (Class<?> type = at.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    look(value(field, at), depth + 1);
                }
            }
        }
    }

    private static @Nullable Object value(Field field, Object of) {
        try {
            return field.trySetAccessible() ? field.get(of) : null;
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

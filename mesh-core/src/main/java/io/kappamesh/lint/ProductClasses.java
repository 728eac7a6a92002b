package io.kappamesh.lint;

import io.kappamesh.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The classes of a product's own code: what begins with the first two parts of its package's name, without this library and without
 * what Avro generated. Read through the class loader of the product. Not thread-safe.
 */
@Internal
public final class ProductClasses {
    private static final int PARTS = 2;
    private static final List<String> LIBRARY = List.of(
            "io/kappamesh/contract/",
            "io/kappamesh/avro/",
            "io/kappamesh/topology/",
            "io/kappamesh/lint/",
            "io/kappamesh/control/",
            "io/kappamesh/runtime/",
            "io/kappamesh/replay/",
            "io/kappamesh/application/");

    private final ClassLoader loader;
    private final String prefix;
    private final Map<String, Optional<CodeClass>> read = new HashMap<>();

    private ProductClasses(ClassLoader loader, String prefix) {
        this.loader = loader;
        this.prefix = prefix;
    }

    public static ProductClasses around(Class<?> host) {
        String[] parts = host.getPackageName().split("\\.", -1);
        String prefix = String.join("/", Arrays.copyOf(parts, Math.min(PARTS, parts.length)));
        return new ProductClasses(
                Objects.requireNonNullElseGet(host.getClassLoader(), ClassLoader::getSystemClassLoader),
                prefix.isEmpty() ? "" : prefix + "/");
    }

    /** Whether a class is the product's own by its name. */
    boolean isOwn(String internalName) {
        boolean own = prefix.isEmpty() ? internalName.indexOf('/') < 0 : internalName.startsWith(prefix);
        return own && !internalName.startsWith("[") && LIBRARY.stream().noneMatch(internalName::startsWith);
    }

    /** A class; empty = it is not the product's own, or there is no file of it. */
    public Optional<CodeClass> find(String internalName) {
        if (!isOwn(internalName)) {
            return Optional.empty();
        }
        return read.computeIfAbsent(internalName, this::load).filter(found -> !found.isGeneratedByAvro());
    }

    /** A class and what it inherits from of the product's own, itself first. */
    Set<String> withOwnSupertypes(String internalName) {
        Set<String> all = new LinkedHashSet<>();
        find(internalName).ifPresent(found -> {
            all.add(internalName);
            found.supertypes().forEach(supertype -> all.addAll(withOwnSupertypes(supertype)));
        });
        return all;
    }

    /** The method that a call means, which may be inherited; empty = it is not the product's own. */
    Optional<CodeMethod> resolve(CodeMethod.Id target) {
        return withOwnSupertypes(target.owner()).stream()
                .flatMap(type -> find(type).stream())
                .flatMap(type -> type.method(target.name(), target.descriptor()).stream())
                .findFirst();
    }

    /** The first class above that is not the product's own: where a call goes that {@link #resolve} does not find. */
    String outside(String internalName) {
        String type = internalName;
        Optional<CodeClass> own = find(type);
        while (own.isPresent()) {
            List<String> supertypes = own.get().supertypes();
            if (supertypes.isEmpty()) {
                return type;
            }
            type = supertypes.get(0);
            own = find(type);
        }
        return type;
    }

    private Optional<CodeClass> load(String internalName) {
        return file(internalName).map(CodeClass::read);
    }

    /** The class file; empty = there is none. */
    public Optional<byte[]> file(String internalName) {
        try (InputStream file = loader.getResourceAsStream(internalName + ".class")) {
            return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(internalName, unreadable);
        }
    }
}

package io.kappamesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.kappamesh.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The API of a module, as {@code api.txt} beside its pom lists it: every public type that is not {@link Internal}, with its public and
 * protected members. Run the tests with {@code -Dapi.update=true} to write the file anew, and look at the difference.
 */
public final class Api {
    private static final Path LIST = Path.of("api.txt");
    private static final List<String> FOREIGN = List.of(
            "java.",
            "org.apache.kafka.",
            "org.apache.avro.",
            "io.micrometer.",
            "io.confluent.kafka.schemaregistry.client.SchemaRegistryClient");

    private final List<JavaClass> types;

    private Api(JavaClasses module) {
        types = module.stream()
                .filter(Api::isApi)
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .toList();
    }

    public static Api of(JavaClasses module) {
        return new Api(module);
    }

    /** The list is what the module has. */
    public void isListed() {
        String now = String.join("\n", types.stream().flatMap(Api::lines).toList()) + "\n";
        try {
            if (Boolean.getBoolean("api.update")) {
                Files.writeString(LIST, now);
            }
            assertThat(now)
                    .as("the API; if this change is meant, write %s anew with -Dapi.update=true", LIST)
                    .isEqualTo(Files.readString(LIST));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Whoever uses the API needs no type that is internal, and none of other libraries than Kafka, Avro, Micrometer and the registry client.
     *
     * @param besides how the names begin of what this module's users have besides
     */
    public void needsNothingElse(String... besides) {
        Set<String> others = new TreeSet<>();
        for (JavaClass type : types) {
            members(type)
                    .forEach(member -> Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown(member))
                            .map(JavaClass::getBaseComponentType)
                            .filter(needed ->
                                    !isAllowed(needed) && Stream.of(besides).noneMatch(needed.getName()::startsWith))
                            .forEach(needed -> others.add(member.getFullName() + " needs " + needed.getName())));
        }
        assertThat(others).isEmpty();
    }

    private static Stream<JavaClass> thrown(JavaMember member) {
        return member instanceof JavaCodeUnit unit ? unit.getExceptionTypes().stream() : Stream.empty();
    }

    private static boolean isAllowed(JavaClass needed) {
        return needed.isPrimitive() || FOREIGN.stream().anyMatch(needed.getName()::startsWith) || isApi(needed);
    }

    private static boolean isApi(JavaClass type) {
        boolean visible = type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
        return visible
                && type.getPackageName().startsWith("io.kappamesh")
                && !type.getSimpleName().equals("package-info")
                && !type.isAnonymousClass()
                && !type.isAnnotatedWith(Internal.class)
                && !type.getPackage().isAnnotatedWith(Internal.class)
                && type.getEnclosingClass().map(Api::isApi).orElse(true);
    }

    private static Stream<String> lines(JavaClass type) {
        return Stream.concat(
                Stream.of(type.reflect().toGenericString()),
                members(type).map(member -> "    " + text(member.reflect())).sorted());
    }

    private static Stream<? extends JavaMember> members(JavaClass type) {
        return type.getMembers().stream()
                .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED))
                .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !member.getModifiers().contains(JavaModifier.BRIDGE))
                .filter(member -> !member.isAnnotatedWith(Internal.class))
                .filter(member -> !member.getName().equals("<clinit>"));
    }

    private static String text(Member member) {
        return member instanceof java.lang.reflect.Method method
                ? method.toGenericString()
                : member instanceof java.lang.reflect.Constructor<?> made
                        ? made.toGenericString()
                        : ((java.lang.reflect.Field) member).toGenericString();
    }
}

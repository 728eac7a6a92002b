package io.kappamesh.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;

/** Packages are named after the way the data goes, and each knows only those before it. */
@AnalyzeClasses(packages = "io.kappamesh", importOptions = DoNotIncludeTests.class)
class LayersTest {
    private static final String CONTRACT = "io.kappamesh.contract..";
    private static final String AVRO = "io.kappamesh.avro..";
    private static final String TOPOLOGY = "io.kappamesh.topology..";
    private static final String LINT = "io.kappamesh.lint..";
    private static final String CONTROL = "io.kappamesh.control..";
    private static final String ACCESS = "io.kappamesh.access..";
    private static final String RUNTIME = "io.kappamesh.runtime..";
    private static final String REPLAY = "io.kappamesh.replay..";
    private static final String APPLICATION = "io.kappamesh.application..";

    @ArchTest
    static final ArchRule CONTRACT_KNOWS_NO_OTHER_PACKAGE = only(CONTRACT, CONTRACT);

    @ArchTest
    static final ArchRule AVRO_KNOWS_NO_OTHER_PACKAGE = only(AVRO, AVRO);

    @ArchTest
    static final ArchRule TOPOLOGY_KNOWS_CONTRACT_AND_AVRO = only(TOPOLOGY, TOPOLOGY, CONTRACT, AVRO);

    @ArchTest
    static final ArchRule LINT_KNOWS_WHAT_IS_BEFORE_IT = only(LINT, LINT, TOPOLOGY, CONTRACT, AVRO);

    @ArchTest
    static final ArchRule CONTROL_KNOWS_THE_CONTRACT = only(CONTROL, CONTROL, CONTRACT);

    @ArchTest
    static final ArchRule ACCESS_KNOWS_CONTRACT_AND_CONTROL = only(ACCESS, ACCESS, CONTROL, CONTRACT);

    @ArchTest
    static final ArchRule RUNTIME_KNOWS_WHAT_IS_BEFORE_IT =
            only(RUNTIME, RUNTIME, CONTROL, LINT, TOPOLOGY, CONTRACT, AVRO);

    @ArchTest
    static final ArchRule REPLAY_KNOWS_WHAT_IS_BEFORE_IT =
            only(REPLAY, REPLAY, RUNTIME, ACCESS, CONTROL, LINT, TOPOLOGY, CONTRACT, AVRO);

    @ArchTest
    static final ArchRule APPLICATION_KNOWS_WHAT_IS_BEFORE_IT =
            only(APPLICATION, APPLICATION, REPLAY, RUNTIME, ACCESS, CONTROL, TOPOLOGY, CONTRACT, AVRO);

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.kappamesh.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void enoughClassesWereSeen(JavaClasses seen) {
        Map.of(
                        "contract",
                        15,
                        "avro",
                        20,
                        "topology",
                        20,
                        "lint",
                        15,
                        "control",
                        10,
                        "runtime",
                        35,
                        "replay",
                        20,
                        "application",
                        20)
                .forEach((name, atLeast) -> assertThat(seen.stream()
                                .filter(type -> type.getPackageName().equals("io.kappamesh." + name))
                                .filter(type -> type.isTopLevelClass()))
                        .as(name)
                        .hasSizeGreaterThanOrEqualTo(atLeast));
    }

    /** Of our own packages; schemas and domains are among those that are not named. */
    private static ArchRule only(String layer, String... known) {
        return noClasses()
                .that()
                .resideInAPackage(layer)
                .should()
                .dependOnClassesThat(resideInAPackage("io.kappamesh..").and(not(resideInAnyPackage(known))));
    }
}

package io.kappamesh.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What a record becomes is a function of the log: no wall clock and no chance on its way. */
@AnalyzeClasses(packages = "io.kappamesh", importOptions = DoNotIncludeTests.class)
class DeterminismTest {

    @ArchTest
    static final ArchRule NO_CLOCK_AND_NO_CHANCE = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.kappamesh.contract..",
                    "io.kappamesh.intake..",
                    "io.kappamesh.join..",
                    "io.kappamesh.topology..")
            .should()
            .accessTargetWhere(DescribedPredicate.describe("ask a clock or chance", DeterminismTest::asks));

    private static boolean asks(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return (owner.equals("java.lang.System") && (name.equals("currentTimeMillis") || name.equals("nanoTime")))
                || (owner.startsWith("java.time.") && name.equals("now"))
                || owner.equals("java.time.Clock")
                || (owner.equals("java.lang.Math") && name.equals("random"))
                || owner.equals("java.util.Random")
                || owner.equals("java.util.concurrent.ThreadLocalRandom")
                || (owner.equals("java.util.UUID") && name.equals("randomUUID"));
    }
}

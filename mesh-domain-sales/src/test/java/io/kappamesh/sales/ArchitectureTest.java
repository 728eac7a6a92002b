package io.kappamesh.sales;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The business is pure, and other domains are known by their published contracts only. */
@AnalyzeClasses(packages = "io.kappamesh.sales", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule STEPS_ARE_FREE_OF_KAFKA_AND_OF_THE_LIBRARY = noClasses()
            .that()
            .haveSimpleNameEndingWith("Steps")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.kappamesh.contract..",
                    "io.kappamesh.declaration..",
                    "io.kappamesh.avro..",
                    "io.kappamesh.encoding..",
                    "io.kappamesh.topology..",
                    "io.kappamesh.runtime..",
                    "io.kappamesh.application..");

    @ArchTest
    static final ArchRule OTHER_DOMAINS_ARE_NOT_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.kappamesh.logistics..",
                    "io.kappamesh.masterdata..",
                    "io.kappamesh.contracts.logistics..",
                    "io.kappamesh.contracts.masterdata..");

    @ArchTest
    static void theStepsWereSeen(JavaClasses seen) {
        assertThat(seen.stream().map(JavaClass::getSimpleName))
                .contains("OrderSteps", "RevenueSteps")
                .hasSizeGreaterThanOrEqualTo(6);
    }
}

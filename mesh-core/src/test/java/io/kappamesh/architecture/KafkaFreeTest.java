package io.kappamesh.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What a product promises is said without a word of Kafka, and nothing here knows how it is tested or who uses it. */
@AnalyzeClasses(packages = "io.kappamesh", importOptions = DoNotIncludeTests.class)
class KafkaFreeTest {

    @ArchTest
    static final ArchRule CONTRACTS_ARE_FREE_OF_KAFKA = noClasses()
            .that()
            .resideInAnyPackage("io.kappamesh.contract..", "io.kappamesh.time..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.confluent..", "io.micrometer..");

    @ArchTest
    static final ArchRule CODECS_ARE_FREE_OF_KAFKA_STREAMS = noClasses()
            .that()
            .resideInAnyPackage("io.kappamesh.avro..", "io.kappamesh.encoding..", "io.kappamesh.registry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.streams..", "io.micrometer..");

    @ArchTest
    static final ArchRule THE_LIBRARY_DOES_NOT_KNOW_ITS_TESTS =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.junit..", "org.assertj..");
}

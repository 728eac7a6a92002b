package io.kappamesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.List;

/** A new public type is a decision: it is added here. */
@AnalyzeClasses(packages = "io.kappamesh", importOptions = DoNotIncludeTests.class)
class PublicTypesTest {

    @ArchTest
    static void theRuntimeShowsWhatAServiceEmbeds(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.runtime"))
                .containsExactly(
                        "ExitCode",
                        "MeshRuntime",
                        "ProductBuild",
                        "ProductState",
                        "ProductStatus",
                        "Settings",
                        "StartupException");
    }

    @ArchTest
    static void replayShowsWhatAnOperatorDoesAndSees(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.replay"))
                .containsExactly(
                        "BuildChange",
                        "DifferenceKind",
                        "Downstream",
                        "FieldDifference",
                        "GenerationState",
                        "GenerationStatus",
                        "HorizonReport",
                        "InputPlan",
                        "Lifecycle",
                        "LifecycleException",
                        "PartitionStatus",
                        "Plan",
                        "PortChange",
                        "PortReport",
                        "Progress",
                        "Promotion",
                        "Proof",
                        "Reach",
                        "Sample",
                        "Verification");
    }

    /** {@code PacedProcessors} is made by Kafka Streams, by reflection. */
    @ArchTest
    static void topologiesShowWhatADomainWires(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.topology"))
                .containsExactly(
                        "AssembledProduct",
                        "Assembly",
                        "Codecs",
                        "CommitPacing",
                        "DeadLetter",
                        "Destinations",
                        "Facts",
                        "LetterCut",
                        "PacedProcessors",
                        "Ports",
                        "ProductObserver",
                        "ProductTopology",
                        "Reading",
                        "Reason",
                        "RecordLimit",
                        "RegisteredCodecs",
                        "SchemaUnavailableException",
                        "StreamingProduct",
                        "Versions");
    }

    /** {@code Witness} is made by Kafka Streams, by reflection. */
    @ArchTest
    static void theLinterShowsWhatItFinds(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.lint"))
                .containsExactly("CodeFingerprint", "Finding", "Linter", "Rule", "Witness");
    }

    @ArchTest
    static void controlShowsWhatRunnersAndOperatorsShare(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.control"))
                .containsExactly(
                        "Acknowledgement",
                        "Adoption",
                        "BrokerQuestion",
                        "CaughtUp",
                        "Causes",
                        "Clients",
                        "CodeRecord",
                        "Computation",
                        "ControlSnapshot",
                        "ControlTopic",
                        "ControlView",
                        "ControlWriter",
                        "Cut",
                        "Failure",
                        "Findings",
                        "Generation",
                        "GenerationRecord",
                        "GroupMembers",
                        "History",
                        "Horizon",
                        "InputReach",
                        "LazyAdmin",
                        "Numbers",
                        "Origin",
                        "PortTopics",
                        "ProductLifecycle",
                        "Rest",
                        "Role",
                        "ShadowTopics",
                        "TakenOverException",
                        "TopicEnds",
                        "TopicQuestions",
                        "Traces",
                        "UndecidedException");
    }

    @ArchTest
    static void theApplicationShowsAMainProgramAndItsCommands(JavaClasses all) {
        assertThat(publicTypes(all, "io.kappamesh.application")).containsExactly("MeshApplication", "OperatorCommands");
    }

    private static List<String> publicTypes(JavaClasses all, String layer) {
        return all.stream()
                .filter(type -> type.getPackageName().equals(layer))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info"))
                .sorted()
                .toList();
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class ProtobufLayersTest {

    @ArchTest
    static void theFormatSeesWhatFormatsMay(JavaClasses module) {
        Layers.of("protobuf -> declaration format mapping").check(module);
    }
}

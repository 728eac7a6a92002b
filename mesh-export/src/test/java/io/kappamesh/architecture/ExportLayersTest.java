package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class ExportLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                export -> contract declaration failure brokers avro registry serde mapping settings catalog tables cut status discovery
                """).check(module);
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class CaptureLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                database -> declaration failure
                change -> failure database
                capture -> contract declaration failure brokers settings database change
                """).check(module);
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class ApplicationLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                http -> contract failure generation settings observe
                command -> contract declaration failure generation topology settings build access cut compare status plan lifecycle
                application -> contract failure generation topology settings observe runtime status lifecycle http command
                """).check(module);
    }
}

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
                display -> level contract declaration generation catalog discovery deploy slo offence
                command -> slo offence contract declaration failure generation topology settings build access cut compare status discovery plan lifecycle display
                deployment -> contract declaration failure catalog evolution topology settings build lifecycle discovery retirement deploy display command
                governance -> slo contract declaration failure generation control catalog policy document runs topology build settings discovery display command deployment
                application -> contract failure generation topology settings observe runtime status lifecycle http command deployment governance
                """).check(module);
    }
}

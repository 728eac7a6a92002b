package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class CaptureApiTest {

    @ArchTest
    static void theApiIsWhatTheListSays(JavaClasses module) {
        Api.of(module).isListed();
    }

    @ArchTest
    static void theApiNeedsNoTypeThatIsNotApi(JavaClasses module) {
        Api.of(module).needsNothingElse();
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class IngestLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                archive -> declaration failure format mapping json csv connect
                position -> contract failure brokers archive
                ingest -> declaration contract format time failure brokers avro registry serde mapping intake settings archive position
                """).check(module);
    }
}

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
                row -> contract format time failure avro serde mapping intake archive position
                ingest -> declaration contract level format time failure brokers registry intake settings archive position row
                """).check(module);
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class IngestLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                file -> failure
                decoding -> format
                archive -> declaration failure format mapping json csv connect file decoding
                position -> contract failure brokers archive file
                row -> contract format time failure avro serde mapping intake archive file position
                handover -> contract format time failure serde brokers registry settings
                writers -> contract failure brokers intake archive file position row
                ingest -> declaration contract level format time failure serde brokers intake registry settings archive file position row handover writers
                """).check(module);
    }
}

package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class LoadLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                columns -> avro serde
                postgres -> failure columns
                relations -> failure columns postgres
                rows -> columns postgres
                feed -> contract failure brokers avro registry serde settings tables columns postgres
                load -> contract declaration failure brokers avro registry serde settings tables cut status columns postgres relations rows feed
                """).check(module);
    }
}

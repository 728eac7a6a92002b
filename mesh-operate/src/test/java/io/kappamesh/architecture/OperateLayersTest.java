package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class OperateLayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                access -> contract control catalog
                tables -> brokers
                cut -> contract failure generation brokers control tables
                compare -> contract declaration failure generation brokers avro registry serde catalog tables cut
                status -> contract failure generation brokers control settings access tables cut
                discovery -> level contract failure generation brokers control avro registry serde catalog settings access status
                offence -> rule contract generation brokers catalog intake settings discovery
                deploy -> offence control contract declaration condition failure generation brokers avro registry catalog evolution serde intake settings status discovery
                slo -> level contract catalog discovery
                retirement -> contract declaration failure generation brokers control settings catalog access cut status discovery
                plan -> offence contract generation brokers registry topology catalog settings lint build access cut compare status
                exchange -> contract failure generation brokers control tables cut compare
                lifecycle -> offence contract failure generation brokers control registry settings build access tables cut compare exchange status plan
                """).check(module);
    }
}

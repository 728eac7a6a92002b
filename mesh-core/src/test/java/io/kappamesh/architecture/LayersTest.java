package io.kappamesh.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

/** From the ground up, and then along the way of a record. */
@AnalyzeClasses(packages = "io.kappamesh", importOptions = OwnClasses.class)
class LayersTest {

    @ArchTest
    static void eachPackageSeesOnlyWhatItMay(JavaClasses module) {
        Layers.of("""
                declaration ->
                format -> declaration
                time -> declaration
                condition -> declaration
                level -> declaration
                rule -> declaration
                contract -> declaration format time condition level rule
                failure ->
                generation -> contract declaration
                brokers -> contract failure generation
                control -> contract declaration failure generation brokers
                schema ->
                avro -> schema
                registry -> failure avro schema
                encoding -> avro
                serde -> contract format avro encoding registry
                catalog -> contract declaration failure time condition level rule brokers registry
                policy -> contract declaration catalog
                evolution -> rule contract declaration schema avro registry catalog
                mapping -> format avro encoding serde
                json -> declaration format serde mapping
                csv -> declaration format mapping
                connect -> declaration format avro serde mapping json
                intake -> rule contract format time avro serde
                join ->
                store ->
                topology -> rule contract declaration time avro serde intake join
                settings -> failure registry
                lint -> contract declaration format registry serde intake topology
                build -> contract generation serde topology settings lint
                provision -> contract declaration failure brokers control registry catalog policy evolution serde intake topology settings lint level
                observe -> contract generation intake level rule
                inputs -> failure generation brokers control observe
                gate -> failure generation brokers control registry serde topology inputs
                platform -> failure generation brokers control registry settings inputs store
                query -> contract failure registry serde settings platform
                streams -> rule contract failure generation intake settings observe inputs platform store
                assignment -> contract failure generation brokers control topology settings build provision observe platform
                runtime -> level contract declaration failure generation brokers control registry catalog serde intake topology settings build provision observe inputs gate platform query streams assignment
                """).check(module);
    }
}

package io.kappamesh.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.build.ProductBuild;
import io.kappamesh.generation.CodeRecord;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.Role;
import io.kappamesh.plan.BuildChange.Category;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.example.shop.BasketVersions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BuildChangeTest {
    private static final Settings SETTINGS = Settings.of(
            Map.of(
                    "mesh.build", "b1",
                    "bootstrap.servers", "none:1",
                    "schema.registry.url", "http://none:1"),
            Map.of());
    private static final ProductBuild FIRST = build(BasketVersions.plain());

    @Test
    void theSameCodeWiredAgainChangesNothing() {
        BuildChange change = against(FIRST, build(BasketVersions.plain()));

        assertThat(change.category()).isEqualTo(Category.NOTHING);
        assertThat(change.category().consequence()).startsWith("go on");
        assertThat(change.details()).isEmpty();
    }

    @Test
    void anotherStepIsBusinessCode() {
        BuildChange change = against(FIRST, build(BasketVersions.marked()));

        assertThat(change.category()).isEqualTo(Category.BUSINESS_CODE);
        assertThat(change.category().consequence()).startsWith("replay:");
        assertThat(change.details())
                .singleElement()
                .asString()
                .contains("BasketVersions$Plain", "BasketVersions$Marked")
                .doesNotContain("Given");
    }

    @Test
    void aFunctionThatTheWiringWasGivenIsBusinessCodeToo() {
        BuildChange change = against(build(BasketVersions.given()), build(BasketVersions.otherwiseGiven()));

        assertThat(change.category()).isEqualTo(Category.BUSINESS_CODE);
        assertThat(change.details()).singleElement().asString().contains("BasketVersions$OtherwiseGiven");
    }

    @Test
    void eachCategoryReachesFartherThanTheOneBefore() {
        CodeRecord code = FIRST.code();
        CodeRecord other = new CodeRecord("other", code.classes(), code.contracts());
        List<String> noState = List.of("part 0 from shop.events.v1 with stores none to none");
        CodeRecord newPort =
                new CodeRecord("other", Map.of(), List.of(code.contracts().get(0), "shop.new.v1 as TABLE"));

        assertThat(change(FIRST.fingerprint(), other, Set.of()).category()).isEqualTo(Category.TOPOLOGY);
        assertThat(change(noState, other, Set.of()).category()).isEqualTo(Category.STATE);
        assertThat(change(noState, newPort, Set.of()).category()).isEqualTo(Category.CONTRACT);
        assertThat(change(noState, newPort, Set.of("shop.baskets.v1")).category())
                .isEqualTo(Category.BREAKING_CONTRACT);
        assertThat(change(noState, new CodeRecord("other", Map.of(), List.of()), Set.of()))
                .satisfies(given -> {
                    assertThat(given.category()).isEqualTo(Category.BREAKING_CONTRACT);
                    assertThat(given.details()).anyMatch(line -> line.startsWith("shop.baskets.v1: is given up"));
                });
    }

    @Test
    void aRecordFromBeforeThereWereFingerprintsIsNotTakenForEqual() {
        BuildChange change =
                BuildChange.between(record(FIRST).madeOf(null), "b2", FIRST.fingerprint(), FIRST.code(), Set.of());

        assertThat(change.category()).isEqualTo(Category.UNKNOWN);
    }

    private static BuildChange change(List<String> fingerprint, @Nullable CodeRecord code, Set<String> breaking) {
        return BuildChange.between(record(FIRST), "b2", fingerprint, code, breaking);
    }

    private static BuildChange against(ProductBuild serving, ProductBuild other) {
        return BuildChange.between(record(serving), other.build(), other.fingerprint(), other.code(), Set.of());
    }

    private static ProductBuild build(StreamingProduct product) {
        return ProductBuild.of(product, SETTINGS);
    }

    private static GenerationRecord record(ProductBuild build) {
        return GenerationRecord.begun(
                        1,
                        Role.SERVING,
                        Computation.of(build.build(), build.fingerprint(), List.of()),
                        new PortTopics(List.of("shop.events.v1"), List.of("shop.baskets.v1")),
                        History.upTo(Map.of(), "2026-01-01T00:00:00Z"))
                .madeOf(build.code());
    }
}

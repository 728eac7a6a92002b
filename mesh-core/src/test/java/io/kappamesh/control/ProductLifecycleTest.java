package io.kappamesh.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.CodeRecord;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.GenerationNumbers;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProductLifecycleTest {
    private static final ProductName ORDERS = ProductName.of("sales.orders");

    /** Some 2,000 proofs made it larger than a record may be. */
    @Test
    void aThousandProofsLeaveARecordOfTheSameSize() {
        ProductLifecycle now = ProductLifecycle.empty(ORDERS).with(generation(1, Role.SERVING));
        int afterHundred = 0;
        for (int number = 2; number <= 1_001; number++) {
            int proved = number;
            assertThat(now.nextNumber()).isEqualTo(number);
            now = now.with(generation(number, Role.CANDIDATE)).change(proved, one -> one.as(Role.RETIRED));
            if (number == 101) {
                afterHundred = size(now);
            }
        }

        assertThat(size(now)).isLessThan(afterHundred + 500);
        assertThat(now.past()).containsExactly(new GenerationNumbers(2, 981));
        assertThat(now.nextNumber()).isEqualTo(1_002);
        assertThat(now.role(500)).isEqualTo(Optional.of(Role.RETIRED));
        assertThat(now.role(1_002)).isEmpty();
        assertThat(now.serving().orElseThrow().number()).isEqualTo(1);
    }

    @Test
    void numbersAroundALiveGenerationAreNeverUsedAgain() {
        ProductLifecycle now = ProductLifecycle.empty(ORDERS);
        for (int number = 1; number <= 30; number++) {
            now = now.with(generation(number, number == 3 ? Role.SERVING : Role.RETIRED));
        }

        assertThat(now.past()).containsExactly(new GenerationNumbers(1, 2), new GenerationNumbers(4, 10));
        assertThat(now.cut(null).promoted(3, 3).past()).isEqualTo(now.past());
        assertThat(IntStream.rangeClosed(1, 30).mapToObj(now::role)).allMatch(Optional::isPresent);
    }

    /** What was taken out of a map on purpose must not come back as if a newer version had put it there. */
    @Test
    void everyMapInALifecycleIsKnownAsData() {
        List<Class<?>> records = new ArrayList<>(List.of(ProductLifecycle.class));
        List<String> maps = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            for (RecordComponent component : records.get(i).getRecordComponents()) {
                if (Map.class.isAssignableFrom(component.getType())) {
                    maps.add(component.getName());
                }
                Stream.of(component.getType(), elementOf(component.getGenericType()))
                        .filter(type -> type.isRecord() && !records.contains(type))
                        .forEach(records::add);
            }
        }

        assertThat(records).contains(GenerationRecord.class, Cut.class, CodeRecord.class, Horizon.class);
        assertThat(maps).isNotEmpty().allMatch(UnknownFields.DATA::contains);
    }

    private static Class<?> elementOf(Type type) {
        return type instanceof ParameterizedType list && list.getActualTypeArguments()[0] instanceof Class<?> element
                ? element
                : Object.class;
    }

    private static int size(ProductLifecycle lifecycle) {
        return ControlRecords.of(lifecycle).value().length;
    }

    private static GenerationRecord generation(int number, Role role) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of("build", List.of("fingerprint"), List.of()),
                new PortTopics(List.of("in"), List.of("out")),
                History.upTo(Map.of(), "2026"));
    }
}

package io.kappamesh.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"string"},
              {"name":"mode","type":{"type":"enum","name":"Mode","symbols":["AIR","SEA"]}},
              {"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
              {"name":"count","type":"int"},
              {"name":"weight","type":"double"},
              {"name":"paid","type":"boolean"},
              {"name":"note","type":["null","string"],"default":null},
              {"name":"day","type":{"type":"int","logicalType":"date"}},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"customer","type":["null",{"type":"record","name":"Customer","fields":[{"name":"name","type":"string"}]}],"default":null},
              {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
                {"name":"price","type":"long"},{"name":"part","type":["null","string"],"default":null}]}}}]}""");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 'o-1'",
                "id != 'o''1'",
                "mode = 'AIR'",
                "mode in ('SEA', 'AIR')",
                "total = 12.5",
                "total>=12.50 and total < 13",
                "count > -1",
                "count <= total",
                "weight > 0.1",
                "paid = true",
                "not paid = false",
                "note is null",
                "note is empty",
                "day = '2026-03-01'",
                "day < '2026-03-02'",
                "at >= '2026-03-01T10:00:00Z'",
                "customer.name = 'Ann'",
                "customer is not null",
                "lines is not empty",
                "lines[].price > 0",
                "lines[].part is null",
                "id = 'x' or count = 3 and paid = true",
                "(id = 'o-1' or count = 7) AND NOT (paid = false)",
            })
    void holds(String text) {
        Condition condition = Condition.of(text);

        assertThat(condition.problems(ORDER)).isEmpty();
        assertThat(condition.test(order())).isTrue();
        assertThat(condition).hasToString(text).isEqualTo(Condition.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "note = 'x'",
                "note != 'x'",
                "not note is null",
                "customer is null",
                "lines[].price > 10",
                "lines is empty",
                "count > total",
                "mode in ('SEA')",
                "(id = 'x' or count = 3) and paid = false",
                "at > '2026-03-01T10:00:00Z'",
            })
    void doesNotHold(String text) {
        assertThat(Condition.of(text).problems(ORDER)).isEmpty();
        assertThat(Condition.of(text).test(order())).isFalse();
    }

    @Test
    void whatIsNullOnTheWayIsNull() {
        GenericRecord nobody = order();
        nobody.put("customer", null);

        assertThat(Condition.of("customer.name is null").test(nobody)).isTrue();
        assertThat(Condition.of("customer.name != 'Ann'").test(nobody)).isFalse();
    }

    @Test
    void everyElementCountsAndNoneIsEnough() {
        GenericRecord order = order();
        order.put("lines", List.of(line(1), line(20)));
        assertThat(Condition.of("lines[].price < 10").test(order)).isFalse();

        order.put("lines", List.of());
        assertThat(Condition.of("lines[].price < 10").test(order)).isTrue();
    }

    @Test
    void numbersThatAreNoneHoldNothing() {
        GenericRecord order = order();
        order.put("weight", Double.NaN);

        assertThat(Condition.of("weight < 1").test(order)).isFalse();
        assertThat(Condition.of("weight >= 1").test(order)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "nothing > 1 | nothing does not exist in Order",
                "customer.age > 1 | customer.age does not exist in Order from age on",
                "id[].x = 1 | is no array at id[]",
                "id > 1 | id is text, and cannot be compared with the number 1",
                "count = 'x' | count is a number, and cannot be compared with 'x'",
                "day = '1.3.2026' | write days as '2026-03-01'",
                "at = '2026-03-01' | write moments as '2026-03-01T10:00:00Z'",
                "paid > true | paid is true or false, and cannot be compared with true",
                "count = id | cannot be compared with id, which is text",
                "count is empty | count is a number, which is never empty",
                "lines = 'x' | lines is an array, a map or bytes, and cannot",
            })
    void whatDoesNotFitTheSchemaIsNamedWithTheDeclaration(String text, String problem) {
        assertThat(Condition.of(text).problems(ORDER))
                .singleElement()
                .asString()
                .startsWith("condition \"" + text + "\": ")
                .contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "id = | at character 5: expected a number, 'text', true or false but it ends",
                "id 'x' | at character 4: expected =",
                "id = 'x | at character 6: expected a field",
                "id = 'x' count | at character 10: expected and, or, or the end but found count",
                "(id = 'x' | expected ) but it ends",
                "id is | expected null or empty",
                "id = lines[].price | stands on the left side only",
                "and = 1 | at character 1: expected a field but found and",
                "id ~ 'x' | at character 4: expected a field, a number",
            })
    void textThatIsNoConditionIsRefusedWithThePlace(String text, String problem) {
        assertThatThrownBy(() -> Condition.of(text))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void whatOthersWriteCannotOverflowTheStack() {
        assertThatThrownBy(() -> Condition.of("(".repeat(2_000))).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> Condition.of("not ".repeat(900) + "a = 1")).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> Condition.of("a = 1 and ".repeat(900) + "a = 1"))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("at most 4000 characters");
    }

    private static GenericRecord order() {
        return new GenericRecordBuilder(ORDER)
                .set("id", "o-1")
                .set("mode", new GenericData.EnumSymbol(ORDER.getField("mode").schema(), "AIR"))
                .set("total", new BigDecimal("12.50"))
                .set("count", 3)
                .set("weight", 0.25)
                .set("paid", true)
                .set("day", LocalDate.of(2026, 3, 1))
                .set("at", Instant.parse("2026-03-01T10:00:00Z"))
                .set("customer", customer())
                .set("lines", List.of(line(1), line(2)))
                .build();
    }

    private static GenericRecord customer() {
        return new GenericRecordBuilder(
                        ORDER.getField("customer").schema().getTypes().get(1))
                .set("name", "Ann")
                .build();
    }

    private static GenericRecord line(long price) {
        return new GenericRecordBuilder(ORDER.getField("lines").schema().getElementType())
                .set("price", price)
                .build();
    }
}

package io.kappamesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @Test
    void anAddressIsItsTopic() {
        PortAddress address = PortAddress.of("sales.daily-revenue.v12");

        assertThat(address).isEqualTo(new PortAddress("sales", "daily-revenue", 12));
        assertThat(address.topic()).isEqualTo("sales.daily-revenue.v12");
        assertThat(address).hasToString("sales.daily-revenue.v12");
        assertThat(address.valueSubject()).isEqualTo("sales.daily-revenue.v12-value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "sales.orders",
                "sales.orders.1",
                "sales.orders.v0",
                "sales.orders.v01",
                "sales.orders.v1234567",
                "sales.orders.v1.g2",
                "Sales.orders.v1",
                "sales.Orders.v1",
                "sales.order_events.v1",
                "1sales.orders.v1",
                "sales.-orders.v1",
                "sales..v1",
                " sales.orders.v1",
                "sales.orders.v1\n"
            })
    void anAddressOfAnotherFormIsRefusedWithTheFormThatIsExpected(String text) {
        assertThatThrownBy(() -> PortAddress.of(text))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("port address '" + text + "'")
                .hasMessageContaining("expected domain.name.vN");
    }

    @Test
    void theConstructorIsAsStrictAsTheText() {
        assertThatThrownBy(() -> new PortAddress("sales", "orders", 0)).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> new PortAddress("sales", "orders", -1)).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> new PortAddress("sales.x", "orders", 1)).isInstanceOf(DeclarationException.class);
        assertThatThrownBy(() -> new ProductName("sales", "or.ders")).isInstanceOf(DeclarationException.class);
    }

    @Test
    void aProductKeepsWhatItRefusedInATopicThatBeginsWithItsName() {
        ProductName name = ProductName.of("sales.orders");

        assertThat(name).isEqualTo(new ProductName("sales", "orders")).hasToString("sales.orders");
        assertThat(name.deadLetterTopic()).isEqualTo("sales.orders.dead-letters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sales", "sales.orders.v1", "Sales.orders", "sales.", ".orders", "sales.or ders"})
    void aProductNameOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> ProductName.of(text))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("product name '" + text + "'")
                .hasMessageContaining("expected domain.name");
    }

    @Test
    void productsAreSortedByTheirText() {
        List<String> sorted = Stream.of("sales.orders", "logistics.shipments", "sales.daily-revenue")
                .map(ProductName::of)
                .sorted()
                .map(ProductName::toString)
                .toList();

        assertThat(sorted).containsExactly("logistics.shipments", "sales.daily-revenue", "sales.orders");
    }
}

package io.kappamesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "a.b.c", ".orders", "public.", "public.o,rders", "public.\"x\"", "public.a b", ""})
    void tableIsNamedWithItsSchemaAndNothingElse(String name) {
        assertThatThrownBy(() -> TableName.of(name)).isInstanceOf(DeclarationException.class);
    }

    @Test
    void tableKeepsItsSpelling() {
        assertThat(TableName.of("Shop.Order-Rows").quoted()).isEqualTo("\"Shop\".\"Order-Rows\"");
    }

    @Test
    void addressIsTakenApartAndShownWithoutSecrets() {
        DatabaseAddress address = new DatabaseAddress(
                "jdbc:postgresql://db.example.org:6432/shop?user=mesh&password=secret&sslmode=require",
                Optional.empty(),
                Optional.empty());

        assertThat(address.problems()).isEmpty();
        assertThat(address.host()).isEqualTo("db.example.org");
        assertThat(address.port()).isEqualTo("6432");
        assertThat(address.database()).isEqualTo("shop");
        assertThat(address.role()).isEqualTo("mesh");
        assertThat(address.secret()).contains("secret");
        assertThat(address.parameters()).isEqualTo(Map.of("sslmode", "require"));
        assertThat(address).hasToString("postgresql://db.example.org:6432/shop");
    }

    @Test
    void addressWithoutRoleOrOfSeveralServersIsRefused() {
        assertThat(new DatabaseAddress("jdbc:postgresql://a:1,b:2/shop", Optional.empty(), Optional.empty()).problems())
                .hasSize(2);
        assertThat(new DatabaseAddress("jdbc:mysql://a/shop", Optional.of("mesh"), Optional.empty()).problems())
                .hasSize(1);
    }

    @Test
    void slotsOfOnePortOnTwoClustersHaveDifferentNamesThatPostgresTakes() {
        String one = Slots.base("shop.a-rather-long-name-of-a-port-that-goes-on-and-on.v1", "cluster-1");

        assertThat(one)
                .matches("[a-z0-9_]{1,58}")
                .isNotEqualTo(Slots.base("shop.a-rather-long-name-of-a-port-that-goes-on-and-on.v1", "cluster-2"));
        assertThat(Slots.base("shop.orders.v1", "c")).startsWith("mesh_shop_orders_v1_");
    }

    @Test
    void positionsAreShownAsPostgresShowsThem() {
        assertThat(Lsn.text(0x16_0000_0000L + 0xB374D848L)).isEqualTo("16/B374D848");
    }
}

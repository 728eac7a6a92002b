package io.kappamesh.tables;

import io.kappamesh.contracts.avrotest.Checksum;
import io.kappamesh.contracts.avrotest.Priority;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.contracts.avrotest.PurchaseLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Values with everything in them that can differ. */
public final class Purchases {
    private Purchases() {}

    public static Purchase purchase(long id) {
        return Purchase.newBuilder()
                .setId(id)
                .setCustomer("Müller")
                .setPriority(Priority.HIGH)
                .setPlacedAt(Instant.ofEpochMilli(1_700_000_000_000L))
                .setTotal(new BigDecimal("10.00"))
                .setDiscount(null)
                .setChecksum(new Checksum(new byte[] {1, 2, 3, 4}))
                .setTags(Map.of("channel", "web"))
                .setLines(List.of(line("bolt", 1), line("nut", 2)))
                .setGift(null)
                .build();
    }

    public static PurchaseLine line(String part, int quantity) {
        return new PurchaseLine(part, quantity, new BigDecimal("5.00"), new BigDecimal("0.08"));
    }
}

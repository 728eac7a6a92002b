package io.kappamesh.serde;

import io.kappamesh.contracts.avrotest.Checksum;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Priority;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.contracts.avrotest.PurchaseLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records of the test contracts. */
public final class Records {

    private Records() {}

    public static Purchase purchase(long id) {
        List<PurchaseLine> lines = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lines.add(line("part-" + id + "-" + i, i));
        }
        return Purchase.newBuilder()
                .setId(id)
                .setCustomer("Müller & Söhne")
                .setPriority(Priority.HIGH)
                .setPlacedAt(Instant.ofEpochMilli(1_700_000_000_000L + id))
                .setTotal(BigDecimal.valueOf(id, 2))
                .setDiscount(new BigDecimal("12.50"))
                .setChecksum(new Checksum(new byte[] {1, 2, 3, (byte) id}))
                .setTags(Map.of("channel", "web"))
                .setLines(lines)
                .setGift(line("gift", 1))
                .build();
    }

    static PurchaseLine line(String part, int quantity) {
        return new PurchaseLine(part, quantity, new BigDecimal("-1234567.89"), new BigDecimal("0.08"));
    }

    public static Parcel parcel(long id) {
        return new Parcel(
                id,
                3,
                "REG AIR",
                LocalDate.of(1996, 3, 13),
                new BigDecimal("17.20"),
                "UNITED KINGDOM",
                "deposits sleep");
    }
}

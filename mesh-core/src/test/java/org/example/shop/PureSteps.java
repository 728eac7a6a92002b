package org.example.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.Ports;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/** What stands in suspicious packages and depends on its arguments only. */
@SuppressWarnings("JavaUtilDate")
public final class PureSteps {
    private static final Duration DAY = Duration.ofDays(1);

    private PureSteps() {}

    /** A value with a hash of its own. */
    private record Tag(String name, Object value) implements Serializable {
        @Override
        public int hashCode() {
            return 31 * name.hashCode() + value.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tag tag && name.equals(tag.name) && Objects.equals(value, tag.value);
        }
    }

    public static void wire(Ports ports) {
        Shop.through(ports, PureSteps::noted);
    }

    private static Basket noted(Basket basket) {
        Instant at = Instant.ofEpochMilli(basket.getAt().toEpochMilli()).plus(DAY);
        LocalDate day = LocalDate.of(1995, Month.MARCH, 15).plusDays(1);
        byte[] bytes = basket.getNote().toLowerCase(Locale.ROOT).getBytes(UTF_8);
        try (ByteArrayInputStream in = new ByteArrayInputStream(bytes);
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            in.transferTo(out);
            String note = day + " " + new Date(at.toEpochMilli()) + Timestamp.from(at)
                    + at.atZone(ZoneId.of("Europe/Berlin")) + at.atOffset(ZoneOffset.UTC)
                    + URI.create("mesh:" + URLEncoder.encode(basket.getNote(), UTF_8)) + Path.of("a", "b")
                    + ByteBuffer.wrap(bytes).remaining() + UUID.nameUUIDFromBytes(out.toByteArray())
                    + new Tag("a", basket.getNote()).hashCode();
            return new Basket(at, note, basket.getItems());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

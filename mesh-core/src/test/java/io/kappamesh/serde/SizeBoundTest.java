package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Projection;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Purchase;
import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SizeBoundTest {
    private static final int PLENTY = 1_000_000;

    private final AvroEncoder<Parcel> encoder = new AvroEncoder<>(AvroType.of(Parcel.class), 1);

    @Test
    void anOrdinaryRecordNeedNotBeEncoded() {
        SizeBound<Parcel> bound = SizeBound.of(AvroType.of(Parcel.class));
        for (long id : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Parcel parcel = Records.parcel(id);

            assertThat(bound.of(parcel) + AvroEncoder.HEADER_LENGTH)
                    .isBetween((long) encoder.encode(parcel).length, 4L * encoder.encode(parcel).length);
        }
    }

    /** Fields of each kind that a bound has, and of each that it has not: the latter are encoded to be measured. */
    @Test
    void whateverCannotBeToldIsMeasured() {
        AvroEncoder<Purchase> purchases = new AvroEncoder<>(AvroType.of(Purchase.class), 1);
        Purchase purchase = Records.purchase(7);

        assertThat(purchases.size(purchase, PLENTY)).isEqualTo(purchases.encode(purchase).length);
    }

    @Test
    void aValueNearTheLimitIsMeasured() {
        Parcel parcel = Records.parcel(1);
        parcel.setComment("x".repeat(1_000));
        int exact = encoder.encode(parcel).length;

        assertThat(encoder.size(parcel, exact)).isEqualTo(exact);
        assertThat(encoder.size(parcel, exact - 1)).isEqualTo(exact);
        assertThat(encoder.size(parcel, PLENTY)).isBetween(exact, PLENTY);
    }

    /** The product would stop at its output otherwise. */
    @ParameterizedTest
    @MethodSource
    void aValueThatCannotBeWrittenIsFoundOut(Consumer<Parcel> spoiled) {
        Parcel parcel = Records.parcel(1);
        spoiled.accept(parcel);

        assertThatThrownBy(() -> encoder.size(parcel, PLENTY)).isInstanceOf(SerializationException.class);
    }

    static Stream<Consumer<Parcel>> aValueThatCannotBeWrittenIsFoundOut() {
        return Stream.of(
                parcel -> parcel.put("destination", null),
                parcel -> parcel.put("dispatched", null),
                parcel -> parcel.put("weight", null),
                parcel -> parcel.setWeight(new BigDecimal("17.205")),
                parcel -> parcel.setWeight(new BigDecimal("12345678901.00")),
                parcel -> parcel.setWeight(new BigDecimal("12345678901")),
                parcel -> parcel.setWeight(new BigDecimal("1E+20")));
    }

    @Test
    void decimalsThatFitAfterAllAreTold() {
        SizeBound<Parcel> bound = SizeBound.of(AvroType.of(Parcel.class));
        for (String weight : new String[] {"0", "-0.01", "9999999999.99", "-9999999999.99", "1E+9", "5"}) {
            Parcel parcel = Records.parcel(1);
            parcel.setWeight(new BigDecimal(weight));

            assertThat(bound.of(parcel) + AvroEncoder.HEADER_LENGTH)
                    .as(weight)
                    .isGreaterThanOrEqualTo(encoder.encode(parcel).length);
        }
    }

    /** Anything that Avro can say: what is told is never too little, and never told of what cannot be written. */
    @Test
    void noGeneratedValueIsLargerThanItsBound() {
        Random random = new Random(20_261_130);
        int told = 0;
        for (int i = 0; i < 3_000; i++) {
            Schema schema = GeneratedSchemas.parse(new GeneratedSchemas(random).writer());
            AvroType<GenericRecord> type = AvroType.generic(schema);
            SizeBound<GenericRecord> bound = SizeBound.of(type);
            Datum datum = Datum.of(schema, random, 0);
            byte[] bytes = Datum.binary(datum::write);
            GenericRecord value = new Projection<>(type, schema, Integer.MAX_VALUE)
                    .read(bytes, 0)
                    .fold(read -> read, reason -> null, (id, cause) -> null);
            if (value == null) {
                continue;
            }
            long most = bound.of(value);
            if (most != SizeBound.UNKNOWN) {
                told++;
                assertThat((long) new AvroEncoder<>(type, 1).encode(value).length - AvroEncoder.HEADER_LENGTH)
                        .as("%s", schema)
                        .isLessThanOrEqualTo(most);
            }
        }
        assertThat(told).isGreaterThan(100);
    }
}

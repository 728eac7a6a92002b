package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes or reads the same orders again and again on one thread. */
final class CodecLoop {
    private final Codec codec;
    private final List<Order> orders;
    private final List<byte[]> written;

    /** @throws IllegalStateException when what is written is not what Avro's own codec writes, or is read as something else */
    CodecLoop(Codec codec, double scale) {
        this.codec = codec;
        this.orders = orders(scale);
        this.written = orders.stream().map(codec::write).toList();
        Codec raw = Codecs.raw();
        for (int i = 0; i < orders.size(); i++) {
            byte[] value = written.get(i);
            byte[] payload = Arrays.copyOfRange(value, codec.header(), value.length);
            if (!Arrays.equals(payload, raw.write(orders.get(i)))
                    || !codec.read(value).equals(orders.get(i))) {
                throw new IllegalStateException("order " + i + " is not what it was");
            }
        }
    }

    static List<Order> orders(double scale) {
        List<Order> orders = new ArrayList<>();
        for (TpchEvent event : TpchEvents.atScale(scale).only(EventStream.ORDERS)) {
            orders.add(OrderSteps.order((OrderPlaced) event.value()));
        }
        return orders;
    }

    Measurement write(long warmUp, long records) {
        writing(warmUp);
        Sample begin = Sample.now();
        writing(records - warmUp);
        return begin.until(Sample.now(), records - warmUp);
    }

    Measurement read(long warmUp, long records) {
        reading(warmUp);
        Sample begin = Sample.now();
        reading(records - warmUp);
        return begin.until(Sample.now(), records - warmUp);
    }

    private void writing(long times) {
        long seen = 0;
        for (long i = 0; i < times; i++) {
            byte[] value = codec.write(orders.get((int) (i % orders.size())));
            seen += value[value.length - 1];
        }
        requireSeen(seen);
    }

    private void reading(long times) {
        long seen = 0;
        for (long i = 0; i < times; i++) {
            Order order = codec.read(written.get((int) (i % written.size())));
            seen += order.getLines().size();
        }
        requireSeen(seen);
    }

    /** Uses something of every result, so that no compiler leaves one out. */
    private static void requireSeen(long seen) {
        if (seen == Long.MIN_VALUE) {
            throw new IllegalStateException("more than there can be");
        }
    }
}

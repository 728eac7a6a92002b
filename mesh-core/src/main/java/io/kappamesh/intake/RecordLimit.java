package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortContract;
import java.util.stream.Stream;

/**
 * How large one record may be that a product writes into topics of its own: dead letters, changelogs and repartitions. Its producers
 * and those topics are made for it, so that nothing within it is refused by either. It follows from the declaration alone: the
 * same in every generation.
 *
 * @param bytes the largest batch, in bytes: key, value, headers and what Kafka puts around them, without compression
 */
@Internal
public record RecordLimit(int bytes) {
    /** Many times what a port takes that declares nothing. */
    private static final int SMALLEST = 16 * 1024 * 1024;

    /** Above the largest port, and below what a broker takes as one request by default (100 MiB). */
    private static final int LARGEST = PortContract.LARGEST_MAX_RECORD_BYTES + SMALLEST;

    /** State may be some times as large as the records it is made of. */
    private static final int STATE_PER_RECORD = 4;

    /** The longest key that is let in, names of stores and topics, and what Kafka, its compression and we put around a value. */
    private static final int AROUND_A_VALUE = 64 * 1024;

    /** The limit of a product: four times the largest value of its ports, at least 16 MiB and at most 80 MiB. */
    public static RecordLimit of(DataProduct product) {
        long largest = Stream.of(
                        product.inputs().stream().mapToInt(InputPort::maxRecordBytes),
                        product.outputs().stream().map(OutputPort::contract).mapToInt(PortContract::maxRecordBytes))
                .flatMapToInt(sizes -> sizes)
                .max()
                .orElse(0);
        return new RecordLimit((int) Math.max(SMALLEST, Math.min(LARGEST, STATE_PER_RECORD * largest)));
    }

    /** The largest value in bytes, beside a key and headers of ordinary size. */
    public int value() {
        return bytes - AROUND_A_VALUE;
    }
}

package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.RecordContract;
import java.util.stream.Stream;

/**
 * The size limit of records that a product writes into its own topics: dead letters, changelogs and repartition topics. Its producers
 * and these topics are configured with the limit, so they accept every record within it. It depends on the product's declaration
 * only, so it is the same in every generation.
 *
 * @param bytes the largest batch, in bytes: key, value, headers and Kafka's overhead, without compression
 */
@Internal
public record RecordLimit(int bytes) {
    /** Many times the default limit of a port. */
    private static final int SMALLEST = 16 * 1024 * 1024;

    /** The limit of the product with the smallest records: what every product's own topics take. */
    public static final RecordLimit SMALLEST_OF_ALL = new RecordLimit(SMALLEST);

    /** Above the largest limit of a port, and below the largest request that a broker accepts by default (100 MiB). */
    private static final int LARGEST = RecordContract.LARGEST_MAX_BYTES + SMALLEST;

    /** State may be several times as large as the records from which it is computed. */
    private static final int STATE_PER_RECORD = 4;

    /** Room for the longest valid key, names of stores and topics, and the overhead of Kafka, compression and this library. */
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

    /** The largest value in bytes, if key and headers have an ordinary size. */
    public int value() {
        return bytes - AROUND_A_VALUE;
    }
}

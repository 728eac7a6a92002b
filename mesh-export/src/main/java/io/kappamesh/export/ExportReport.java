package io.kappamesh.export;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was exported, which the manifest says too. An immutable value.
 *
 * @param port its address
 * @param format of the files
 * @param contractVersion the version of the port's schema, in the registry, that rows have
 * @param generation of the product that served when everything was read; empty = its domain's catalogue does not say
 * @param cut whose rows they are
 * @param counts what became of the records
 * @param files in the order of their partitions
 */
public record ExportReport(
        String port,
        ExportFormat format,
        int contractVersion,
        Optional<Integer> generation,
        Cut cut,
        Counts counts,
        List<ExportedFile> files) {

    public ExportReport {
        files = List.copyOf(files);
    }

    /**
     * Up to where a topic was read. An immutable value.
     *
     * @param topicId of the topic
     * @param at when the cut was taken, by this machine's clock
     * @param ends for each partition the offset behind the last record that counts
     */
    public record Cut(String topicId, Instant at, Map<Integer, Long> ends) {
        public Cut {
            ends = Collections.unmodifiableMap(new TreeMap<>(ends));
        }
    }

    /**
     * What became of the records.
     *
     * @param rows how many keys have a value at the cut
     * @param writtenAgain of how many of them a later record had been written by the time everything was read. In the place of their value at the cut
     *     an earlier one may stand, if the brokers have compacted just then
     * @param rejected records that cannot be rows; they are in {@code rejected.jsonl} with the reason
     */
    public record Counts(long rows, long writtenAgain, long rejected) {}
}

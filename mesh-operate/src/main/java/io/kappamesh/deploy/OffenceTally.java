package io.kappamesh.deploy;

import io.kappamesh.deploy.DeployReport.Offence;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.offence.RuleChanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Counts records that would be refused, by reason, with the first of each. One thread at a time. */
final class OffenceTally {
    /** Why, as in a dead letter, and without positions in a record; and whether the reader stops in front of it. */
    record Reason(String reason, String detail, boolean stops) {
        /** Details of what cannot be decoded have positions in them. */
        static Reason of(RecordTrial.Refusal refusal) {
            return new Reason(
                    refusal.reason(),
                    refusal.detail()
                            .replaceAll("\\(byte [0-9]+ of [0-9]+\\)", "")
                            .strip(),
                    RuleChanges.stops(refusal));
        }
    }

    private static final class Count {
        long fresh;
        long already;

        @Nullable
        ConsumerRecord<byte[], byte[]> first;

        boolean firstIsFresh;
    }

    private final Map<Reason, Count> counts = new LinkedHashMap<>();

    /** @param already whether it is refused today */
    void count(Reason reason, ConsumerRecord<byte[], byte[]> record, boolean already) {
        Count count = counts.computeIfAbsent(reason, first -> new Count());
        count.already += already ? 1 : 0;
        count.fresh += already ? 0 : 1;
        if (count.first == null || (!already && !count.firstIsFresh)) {
            count.first = record;
            count.firstIsFresh = !already;
        }
    }

    /** @param shown how a record's key may be shown */
    List<Offence> offences(Function<ConsumerRecord<byte[], byte[]>, String> shown) {
        List<Offence> all = new ArrayList<>();
        counts.forEach((reason, count) -> Optional.ofNullable(count.first)
                .ifPresent(first -> all.add(new Offence(
                        reason.reason(),
                        reason.detail(),
                        reason.stops(),
                        count.fresh,
                        count.already,
                        shown.apply(first),
                        first.partition(),
                        first.offset()))));
        return all;
    }
}

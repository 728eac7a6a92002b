package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.avrotest.Parcel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartupChecksTest {
    @Test
    void topicsThatMeetHaveAsManyPartitionsAsEachOther() {
        Map<String, Integer> partitions = Map.of("a", 4, "b", 4, "c", 3);

        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "b")), partitions))
                .isEmpty();
        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "b", "c"), Set.of("a", "b")), partitions))
                .singleElement()
                .asString()
                .contains("{a=4, b=4, c=3}");
    }

    @Test
    void topicsWhoseRecordsMeetBehindARepartitionTopicMayDiffer() {
        EventSource<Parcel> inPlace = SourcePort.events("shop.parcels.v1", Parcel.class)
                .topics("east", "west")
                .eventTime("dispatched")
                .describedAs("Parcels of all warehouses.")
                .build();
        Map<String, Integer> partitions = Map.of("east", 2, "west", 3);

        assertThat(StartupChecks.readInPlace(List.of(reading(inPlace)), partitions))
                .isEqualTo(partitions);
        assertThat(StartupChecks.readInPlace(List.of(reading(inPlace.keyedBy("id"))), partitions))
                .isEmpty();
    }

    private static DataProduct reading(EventSource<Parcel> parcels) {
        return DataProduct.named("shop.copies")
                .ownedBy("shop", "shop@example.org")
                .describedAs("Copies.")
                .reads(parcels)
                .publishes(OutputPort.table("shop.copies.v1", Parcel.class)
                        .eventTime("dispatched")
                        .describedAs("Copies.")
                        .build())
                .build();
    }

    @Test
    void internalTopicsAreMadeToFitAndNotJudged() {
        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "sales.orders.g1-repartition")), Map.of("a", 4)))
                .isEmpty();
    }
}

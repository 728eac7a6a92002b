package org.example.visits;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;
import org.example.visits.dailyviews.v1.DailyViews;
import org.example.visits.pageviews.v1.PageView;

/** The visits domain: one product, {@code visits.daily-views}. */
public final class Visits {
    /** Views as the web servers report them. */
    public static final SourcePort<PageView> PAGE_VIEWS = SourcePort.table("visits.page-views.v1", PageView.class)
            .eventTime("seenAt")
            .key("viewId")
            .describedAs("Views of pages as the web servers report them")
            .build();

    public static final OutputPort<DailyViews> DAILY_VIEWS = OutputPort.table("visits.daily-views.v1", DailyViews.class)
            .eventTime("day")
            .key("day")
            .describedAs("Number of views of each day")
            .build()
            .queryable();

    private Visits() {}

    public static StreamingProduct dailyViews() {
        return new StreamingProduct(
                DataProduct.named("visits.daily-views")
                        .ownedBy("web", "web@example.org")
                        .describedAs("How often pages are looked at each day")
                        .reads(PAGE_VIEWS)
                        .publishes(DAILY_VIEWS)
                        .build(),
                Visits::wire);
    }

    private static void wire(Ports ports) {
        KTable<String, DailyViews> days = ports.read(PAGE_VIEWS)
                .table("page-views")
                .groupBy(
                        (id, view) -> KeyValue.pair(day(view).toString(), new DailyViews(day(view), 1L)),
                        ports.grouped("views-by-day", DailyViews.class))
                .aggregate(
                        () -> null,
                        (day, one, sum) -> sum == null ? one : plus(sum, one.getViews()),
                        (day, one, sum) -> sum.getViews() == one.getViews() ? null : plus(sum, -one.getViews()),
                        Named.as("count-views"),
                        ports.store("daily-views", DailyViews.class));
        ports.publish(DAILY_VIEWS, days.toStream(Named.as("day-changes")));
    }

    private static LocalDate day(PageView view) {
        return view.getSeenAt().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static DailyViews plus(DailyViews sum, long more) {
        return new DailyViews(sum.getDay(), sum.getViews() + more);
    }
}

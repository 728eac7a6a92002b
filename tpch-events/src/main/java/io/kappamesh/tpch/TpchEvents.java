package io.kappamesh.tpch;

import static java.util.concurrent.TimeUnit.DAYS;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The events of a TPC-H data set in event-time order, or a selection of them.
 *
 * <p>The order is total and always the same: by time, then nations before customers before suppliers before parts before orders
 * before dispatches before deliveries, then by key, then by line number. A selection has the order of the whole. Values are built
 * as the iterator passes; what is held is about 50 bytes per order line, and the rows of master data if they are asked for, which
 * all selections share. Instances are immutable and may be shared by threads; an iterator belongs to one.
 */
public final class TpchEvents implements Iterable<TpchEvent> {

    private static final double SMALLEST = 0.0001;
    private static final double LARGEST = 100;

    private final List<Course> courses;
    private final int fromDay;
    private final int untilDay;

    private TpchEvents(List<Course> courses, int fromDay, int untilDay) {
        this.courses = courses;
        this.fromDay = fromDay;
        this.untilDay = untilDay;
    }

    /**
     * Generates the orders and shipments of a data set. The same scale gives the same events, event ids included, on every machine.
     *
     * @param scale the TPC-H scale factor: 1 is 1.5 million orders and 12 million shipment events; from 0.0001 to 100
     * @throws IllegalArgumentException if the scale is outside that range
     */
    public static TpchEvents atScale(double scale) {
        return of(new EventRecords(TpchRows.generate(generator(scale))).courses());
    }

    /**
     * The same with master data: rows of nations, customers, suppliers and parts, all of which are there from 1992-01-01 on. TPC-H's
     * comments of customers take 300 MB and some seconds meanwhile.
     *
     * @param scale as above: 1 is 150,000 customers, 10,000 suppliers and 200,000 parts
     * @throws IllegalArgumentException if the scale is outside that range
     */
    public static TpchEvents withMasterData(double scale) {
        Generator generator = generator(scale);
        List<Course> courses = new ArrayList<>(new MasterRecords(generator).courses());
        courses.addAll(new EventRecords(TpchRows.generate(generator)).courses());
        return of(courses);
    }

    private static Generator generator(double scale) {
        if (!(scale >= SMALLEST && scale <= LARGEST)) {
            throw new IllegalArgumentException(
                    "TPC-H scale must be from %s to %s but was %s".formatted(SMALLEST, LARGEST, scale));
        }
        return new Generator(scale);
    }

    private static TpchEvents of(List<Course> courses) {
        int fromDay = courses.stream().mapToInt(Course::firstDay).min().orElseThrow();
        int untilDay = courses.stream().mapToInt(Course::endDay).max().orElseThrow();
        return new TpchEvents(courses, fromDay, untilDay);
    }

    /** The streams that these events are of, in the order of the enum; there need not be events of each. */
    public List<EventStream> streams() {
        return courses.stream().map(Course::stream).distinct().sorted().toList();
    }

    /** The events of one stream only, over the same stretch of time. */
    public TpchEvents only(EventStream stream) {
        List<Course> chosen =
                courses.stream().filter(course -> course.stream() == stream).toList();
        return new TpchEvents(chosen, fromDay, untilDay);
    }

    /** The events earlier than a time, given in milliseconds since the epoch. */
    public TpchEvents before(long timestamp) {
        return new TpchEvents(courses, fromDay, clamp(dayAtOrAfter(timestamp)));
    }

    /** The events at or after a time, given in milliseconds since the epoch. */
    public TpchEvents from(long timestamp) {
        return new TpchEvents(courses, clamp(dayAtOrAfter(timestamp)), untilDay);
    }

    /**
     * The time that parts history from what is still to come, in milliseconds since the epoch: events
     * {@linkplain #before(long) before} it are history. The share is one of time, not of events, and is measured from the
     * start of the first day to the end of the last, the same for {@linkplain #only(EventStream) one stream} as for all.
     *
     * @param share from 0, no history, to 1, nothing but history
     * @throws IllegalArgumentException if the share is outside that range
     */
    public long historyEnd(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share of history must be from 0 to 1 but was " + share);
        }
        return DAYS.toMillis(fromDay) + Math.round(share * DAYS.toMillis(untilDay - fromDay));
    }

    /** The number of events, known without passing them. */
    public long size() {
        return courses.stream()
                .mapToLong(course -> course.start(untilDay) - course.start(fromDay))
                .sum();
    }

    @Override
    public Iterator<TpchEvent> iterator() {
        return new EventIterator(courses, fromDay, untilDay);
    }

    private static int dayAtOrAfter(long timestamp) {
        long millisPerDay = DAYS.toMillis(1);
        // All events lie at midnight, so the first day that is not earlier decides.
        return Math.toIntExact(-Math.floorDiv(-timestamp, millisPerDay));
    }

    private int clamp(int day) {
        return Math.min(Math.max(day, fromDay), untilDay);
    }
}

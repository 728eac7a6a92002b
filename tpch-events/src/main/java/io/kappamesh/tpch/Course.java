package io.kappamesh.tpch;

import java.util.function.IntFunction;

/** One kind of event in the order of its days; {@code event} builds the event of a row. */
record Course(EventStream stream, DayOrder order, IntFunction<TpchEvent> event) {

    int firstDay() {
        return order.firstDay();
    }

    /** The day after the last. */
    int endDay() {
        return order.endDay();
    }

    /** Where the events of a day begin, which is where those of the day before end. */
    int start(int day) {
        return order.start(day);
    }

    TpchEvent at(int position) {
        return event.apply(order.row(position));
    }
}

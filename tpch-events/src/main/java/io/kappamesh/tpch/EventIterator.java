package io.kappamesh.tpch;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Day by day, and within a day course by course. */
final class EventIterator implements Iterator<TpchEvent> {

    private final List<Course> courses;
    private final int untilDay;
    private int day;
    private int course;
    private int next;
    private int end;

    EventIterator(List<Course> courses, int fromDay, int untilDay) {
        this.courses = courses;
        this.untilDay = untilDay;
        // Without courses there are no events on any day.
        this.day = courses.isEmpty() ? untilDay : fromDay;
        if (hasNext()) {
            open();
            moveToNextEvent();
        }
    }

    @Override
    public boolean hasNext() {
        return day < untilDay;
    }

    @Override
    public TpchEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more events");
        }
        TpchEvent event = courses.get(course).at(next++);
        moveToNextEvent();
        return event;
    }

    private void moveToNextEvent() {
        while (next == end && day < untilDay) {
            course++;
            if (course == courses.size()) {
                course = 0;
                day++;
            }
            open();
        }
    }

    private void open() {
        next = courses.get(course).start(day);
        end = courses.get(course).start(day + 1);
    }
}

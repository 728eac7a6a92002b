package io.kappamesh.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The latest record of each key of each catalogue. Not thread-safe. */
final class CatalogContent {
    /**
     * Where a record stands: nobody replaces what stands in another topic.
     *
     * @param topic the catalogue
     * @param key of the record
     */
    record Place(String topic, String key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : key.compareTo(other.key);
        }
    }

    private final Map<Place, ProductDescription> descriptions = new TreeMap<>();
    private final Map<Place, HeardState> states = new TreeMap<>();
    private final Map<Place, MeasuredLevels> levels = new TreeMap<>();
    private final Map<Place, String> unreadable = new TreeMap<>();
    private final Map<Place, String> unreadableLevels = new TreeMap<>();

    void forget(Place place) {
        descriptions.remove(place);
        states.remove(place);
        levels.remove(place);
        unreadable.remove(place);
        unreadableLevels.remove(place);
    }

    void note(Place place, HeardState heard) {
        states.put(place, heard);
    }

    void note(Place place, MeasuredLevels measured) {
        levels.put(place, measured);
    }

    void note(Place place, ProductDescription description) {
        descriptions.put(place, description);
    }

    void unreadable(Place place, String why) {
        unreadable.put(place, why);
    }

    /** What was counted there is missing, and nothing else. */
    void unreadableLevels(Place place, String why) {
        unreadableLevels.put(place, why);
    }

    Collection<ProductDescription> descriptions() {
        return descriptions.values();
    }

    Collection<HeardState> states() {
        return states.values();
    }

    Collection<MeasuredLevels> levels() {
        return levels.values();
    }

    Collection<String> unreadable() {
        return unreadable.values();
    }

    Collection<String> unreadableLevels() {
        return unreadableLevels.values();
    }
}

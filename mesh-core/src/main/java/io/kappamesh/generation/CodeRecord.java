package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a build is made of, as far as it decides what a product computes: to tell later what has changed since. Digests say whether
 * something differs, and nothing else.
 *
 * @param topology digest of the whole topology, steps without state included
 * @param classes digest of each class of the product's own code that its topology can run, by its name
 * @param contracts what it promises, a line for each output port: address, kind, schema and its fingerprint
 */
@Internal
public record CodeRecord(String topology, Map<String, String> classes, List<String> contracts) {

    public CodeRecord {
        classes = new TreeMap<>(classes);
        contracts = List.copyOf(contracts);
    }
}

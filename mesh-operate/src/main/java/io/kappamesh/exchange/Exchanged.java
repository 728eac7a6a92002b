package io.kappamesh.exchange;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an exchange came to.
 *
 * @param corrections how many, by topic
 * @param beyondHorizon keys that differ and were left alone, by topic
 * @param readSince from when on the two were compared; empty = from their beginnings
 * @param quiet for how long nothing else was published, over all attempts
 * @param compared keys, meanwhile
 */
@Internal
public record Exchanged(
        Map<String, Long> corrections,
        Map<String, Long> beyondHorizon,
        Optional<Instant> readSince,
        Duration quiet,
        long compared) {}

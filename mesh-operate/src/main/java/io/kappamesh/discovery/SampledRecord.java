package io.kappamesh.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A record of a port, without what is classified.
 *
 * @param partition where it is
 * @param offset where it is
 * @param at its timestamp, which is its event time
 * @param key its key, or three asterisks where it may tell something that is classified
 * @param value its value; what is classified is three asterisks
 */
public record SampledRecord(int partition, long offset, Instant at, String key, JsonNode value) {}

package io.kappamesh.tpch;

import org.apache.avro.specific.SpecificRecord;

/**
 * One event, ready to be produced.
 *
 * @param stream the stream that it belongs to
 * @param key the record key: the orderId of orders and of shipments, the id of a row of master data
 * @param timestamp the event time in milliseconds since the epoch, always a midnight UTC; the same time stands in the value
 * @param value of the class that the stream names
 */
public record TpchEvent(EventStream stream, String key, long timestamp, SpecificRecord value) {}

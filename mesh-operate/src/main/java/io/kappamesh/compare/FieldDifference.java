package io.kappamesh.compare;

/**
 * One field in which two values differ.
 *
 * @param path where it is: {@code lines[1].quantity}, {@code tags[channel]}; {@code (timestamp)} is the record's own, {@code
 *     (value)} the whole
 * @param serving what the serving generation says, as text like JSON; {@code (absent)} if it has no such element; cut to 200
 *     characters
 * @param candidate the same of the candidate
 */
public record FieldDifference(String path, String serving, String candidate) {}

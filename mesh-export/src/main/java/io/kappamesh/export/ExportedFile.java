package io.kappamesh.export;

/**
 * A file of an export.
 *
 * @param name in the directory
 * @param partition of the port whose rows it has
 * @param rows how many
 * @param bytes its size
 * @param sha256 of its bytes, in hexadecimal digits
 */
public record ExportedFile(String name, int partition, long rows, long bytes, String sha256) {}

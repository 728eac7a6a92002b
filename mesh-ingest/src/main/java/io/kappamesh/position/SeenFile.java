package io.kappamesh.position;

/**
 * What a file was found to be: saves reading it again while nobody has written it. An immutable value.
 *
 * @param path absolute
 * @param stamp what the file system said of it; if it says the same again, the content is the same
 * @param digest of what the file says, unpacked
 */
public record SeenFile(String path, String stamp, String digest) {}

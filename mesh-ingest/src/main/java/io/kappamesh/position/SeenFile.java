package io.kappamesh.position;

/**
 * What a file was found to be: saves reading it again while nobody has written it. An immutable value.
 *
 * @param path absolute
 * @param stamp what the file system said of it; if it says the same again, the content is the same; {@link #NO_STAMP} = it is to be read again
 * @param digest of what the file says, unpacked; empty = it was moved away
 */
public record SeenFile(String path, String stamp, String digest) {
    /** Of a file whose time says nothing: no file has this stamp, so that it is read again. */
    public static final String NO_STAMP = "";

    /** What lay there is known under another name now, and the path is free for something else. */
    static SeenFile moved(String path) {
        return new SeenFile(path, NO_STAMP, "");
    }
}

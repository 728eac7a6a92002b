package io.kappamesh.command;

import io.kappamesh.build.LibraryVersion;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** Which build of the library this is, and with what it runs. */
public final class MeshVersion {
    private MeshVersion() {}

    /** The version of the library, such as {@code 0.1.0}. */
    public static String library() {
        return LibraryVersion.text();
    }

    /** A line with the versions of the library, Kafka's client and Java. */
    public static String line() {
        return "Kappa Mesh " + library() + ", Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version();
    }
}

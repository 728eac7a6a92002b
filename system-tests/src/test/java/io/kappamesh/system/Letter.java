package io.kappamesh.system;

import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.header.Headers;

/** A refused record in a form that can be compared and shown: bytes by their digest. */
record Letter(
        String product, String place, Reason reason, long timestamp, String key, String value, List<String> headers) {

    /** What has to be found for a bad record. */
    static Letter expected(String product, SpoiledFeed.Written bad) {
        return new Letter(
                product,
                place(bad.place().topic(), bad.place().partition(), bad.place().offset()),
                bad.corruption().reason(),
                bad.record().timestamp(),
                digest(bad.record().key()),
                digest(bad.record().value()),
                headers(bad.record().headers()));
    }

    static Letter found(DeadLetter letter) {
        return new Letter(
                letter.product().toString(),
                place(letter.topic(), letter.partition(), letter.offset()),
                letter.reason(),
                letter.timestamp(),
                digest(letter.key()),
                digest(letter.value()),
                headers(letter.headers()));
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    private static List<String> headers(Headers headers) {
        return Arrays.stream(headers.toArray())
                .map(header -> header.key() + "=" + digest(header.value()))
                .toList();
    }

    private static String digest(byte[] bytes) {
        if (bytes == null) {
            return "null";
        }
        try {
            return bytes.length + " bytes "
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }
}

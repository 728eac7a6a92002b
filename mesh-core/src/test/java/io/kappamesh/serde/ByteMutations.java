package io.kappamesh.serde;

import java.util.Arrays;
import java.util.Random;

/** What becomes of good bytes on bad ways, and bytes that were never good. */
public final class ByteMutations {

    private ByteMutations() {}

    /** Random bytes, or good ones that are cut off, extended, or changed at a few places. */
    public static byte[] of(byte[] good, Random random) {
        if (random.nextInt(5) == 0) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return bytes;
        }
        int length = random.nextInt(3) == 0 ? random.nextInt(good.length + 8) : good.length;
        byte[] bytes = Arrays.copyOf(good, length);
        for (int i = random.nextInt(5); i > 0 && length > 0; i--) {
            int at = random.nextInt(length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(bytes, at, Math.min(length, at + 1 + random.nextInt(10)), (byte) 0xff);
                case 3 -> Arrays.fill(bytes, at, Math.min(length, at + 1 + random.nextInt(10)), (byte) 2);
                default -> System.arraycopy(bytes, 0, bytes, at, Math.min(at, length - at));
            }
        }
        return bytes;
    }
}

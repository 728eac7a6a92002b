package io.kappamesh.discovery;

import io.kappamesh.catalog.Classification;
import io.kappamesh.catalog.RecordDescription;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Keys of records as they may be shown. A key that is made of several fields may be made of one that is classified. Stateless. */
public final class ShownKey {
    private ShownKey() {}

    /**
     * The key of a record of a port, or a mask in its place.
     *
     * @param schemas with which it may have been written, and that of the port; empty = they are not known
     */
    public static String of(byte @Nullable [] key, RecordDescription port, List<Schema> schemas) {
        boolean open = !schemas.isEmpty() && schemas.stream().allMatch(one -> isShown(port, one, schemas.get(0)));
        return open ? text(key) : Masking.MASK;
    }

    static boolean isShown(RecordDescription port, Schema writer, @Nullable Schema published) {
        boolean anything = Classification.isWithin(writer) || published == null || Classification.isWithin(published);
        if (!anything) {
            return true;
        }
        String key = port.key();
        return key != null && published != null && isOpen(writer, key) && isOpen(published, key);
    }

    private static boolean isOpen(Schema record, String field) {
        Schema.Field found = record.getType() == Schema.Type.RECORD ? record.getField(field) : null;
        return found != null && Classification.of(found).isEmpty();
    }

    static String text(byte @Nullable [] key) {
        if (key == null) {
            return "";
        }
        try {
            return Masking.cut(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Masking.cut("0x" + HexFormat.of().formatHex(key));
        }
    }
}

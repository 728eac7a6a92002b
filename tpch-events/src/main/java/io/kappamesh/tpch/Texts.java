package io.kappamesh.tpch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers the few texts of a column as they first come. */
final class Texts {

    private final Map<String, Byte> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    byte code(String text) {
        return codes.computeIfAbsent(text, this::number);
    }

    String text(byte code) {
        return texts.get(code);
    }

    private byte number(String text) {
        if (texts.size() > Byte.MAX_VALUE) {
            throw new IllegalStateException("column with more than %d texts".formatted(texts.size()));
        }
        texts.add(text);
        return (byte) (texts.size() - 1);
    }
}

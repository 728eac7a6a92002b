package io.kappamesh.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;

/**
 * Readers of strings and of keys of maps. All of them refuse what is not UTF-8, whatever Java type they read into.
 *
 * <p>A generated class may want a class of its own made of the text ({@code java-class}). A generic schema may not: it may come
 * from the registry, and what stands there loads nothing.
 */
final class StringReaders {

    private final GenericData data;

    StringReaders(GenericData data) {
        this.data = data;
    }

    ValueReader value(Schema reader) {
        return made(reader, SpecificData.CLASS_PROP);
    }

    ValueReader key(Schema map) {
        return made(map, SpecificData.KEY_CLASS_PROP);
    }

    private ValueReader made(Schema schema, String property) {
        ValueReader text = isString(schema) ? BytesDecoder::readString : in -> in.readString(null);
        LogicalValues.Meaning meaning = LogicalValues.ofText(data, schema.getProp(property));
        return meaning == LogicalValues.ITSELF ? text : in -> meaning.of(text.read(in));
    }

    /** Whether a text is a {@code String}, and no {@code Utf8}. */
    static boolean isString(Schema schema) {
        return GenericData.StringType.String.name().equals(schema.getProp(GenericData.STRING_PROP));
    }
}

package io.kappamesh.avro;

import java.lang.reflect.Constructor;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

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
        return made(reader.getProp(SpecificData.CLASS_PROP), text(reader));
    }

    ValueReader key(Schema map) {
        return made(map.getProp(SpecificData.KEY_CLASS_PROP), text(map));
    }

    private static ValueReader text(Schema schema) {
        return GenericData.StringType.String.name().equals(schema.getProp(GenericData.STRING_PROP))
                ? BytesDecoder::readString
                : in -> in.readString(null);
    }

    private ValueReader made(@Nullable String className, ValueReader text) {
        if (className == null || !(data instanceof SpecificData)) {
            return text;
        }
        Constructor<?> maker;
        try {
            maker = Class.forName(className, true, data.getClassLoader()).getConstructor(String.class);
        } catch (ReflectiveOperationException e) {
            return text;
        }
        return in -> {
            try {
                return maker.newInstance(String.valueOf(text.read(in)));
            } catch (ReflectiveOperationException e) {
                throw new MalformedException(
                        "has a string that is no " + maker.getDeclaringClass().getSimpleName());
            }
        };
    }
}

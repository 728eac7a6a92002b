package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;

/** An enum, as one of Avro's or as text. */
final class EnumContent implements Content {
    private final EnumDescriptor declared;
    private final Schema type;
    private final Map<Long, String> names = new HashMap<>();

    EnumContent(EnumDescriptor declared, Schema type) {
        this.declared = declared;
        this.type = type;
        for (EnumValueDescriptor value : declared.getValues()) {
            // A number may have several names: the one that is a symbol counts, or the first.
            names.merge(
                    (long) value.getNumber(),
                    value.getName(),
                    (first, other) -> isSymbol(first) || !isSymbol(other) ? first : other);
        }
    }

    private boolean isSymbol(String name) {
        return type.getType() == Schema.Type.ENUM && type.hasEnumSymbol(name);
    }

    /** Whether any name is a symbol of Avro's type. */
    boolean fits() {
        return type.getType() != Schema.Type.ENUM || names.values().stream().anyMatch(this::isSymbol);
    }

    @Override
    public Object toAvro(Object wire) throws IOException {
        String name = names.get((Long) wire);
        if (type.getType() != Schema.Type.ENUM) {
            if (name == null) {
                throw new MisfitException("is a number that its enum does not name");
            }
            return new Utf8(name);
        }
        if (name != null) {
            return Scalars.symbol(type, name);
        }
        if (type.getEnumDefault() == null) {
            throw new MisfitException("is a number that its enum does not name");
        }
        return new GenericData.EnumSymbol(type, type.getEnumDefault());
    }

    @Override
    public Object toProtobuf(Object avro) {
        EnumValueDescriptor value = declared.findValueByName(avro.toString());
        if (value == null) {
            throw new IllegalArgumentException(declared.getFullName() + " has no value of that name");
        }
        return value;
    }
}

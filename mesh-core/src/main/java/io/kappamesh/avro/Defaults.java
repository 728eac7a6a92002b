package io.kappamesh.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Defaults of fields in Avro binary, so that they are read like the data. */
final class Defaults {

    /** Without conversions: a default is written in Avro's own types. */
    private static final GenericData PLAIN = new GenericData();

    private Defaults() {}

    /** Whether a field's default is a value of its type. Registries hold schemas where it is not. */
    static boolean fits(Schema.Field field) {
        try {
            byte[] bytes = encoded(field);
            ReadPlan plan = SchemaResolution.of(field.schema(), field.schema()).root();
            new ValueReaders(AvroType.genericData()).of(plan).read(new BytesDecoder(bytes, 0));
            return true;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return false;
        }
    }

    /** The default of a field that has one. */
    static byte[] encoded(Schema.Field field) throws IOException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<>(field.schema(), PLAIN).write(PLAIN.getDefaultValue(field), out);
            out.flush();
            return bytes.toByteArray();
        } catch (AvroRuntimeException | ClassCastException | NullPointerException e) {
            throw new IOException("field %s: its default does not fit its type".formatted(field.name()), e);
        }
    }
}

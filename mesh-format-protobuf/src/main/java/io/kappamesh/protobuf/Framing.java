package io.kappamesh.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands before a message. In the Confluent wire format: byte 0, four bytes with the id of a schema, and the message's place in its file as
 * zigzag varints, the outermost message first; one byte 0 is short for the first message.
 *
 * @param name of the message
 * @param place empty = nothing stands before the message
 */
record Framing(String name, Optional<List<Integer>> place) {
    static final Framing NONE = new Framing("", Optional.empty());
    private static final List<Integer> FIRST = List.of(0);
    private static final int ID_LENGTH = 4;
    private static final String NOT_FRAMED = "is not in the Confluent wire format: does not begin with byte 0, a schema"
            + " id and the indexes of its message";

    static Framing confluent(Descriptor message) {
        List<Integer> place = new ArrayList<>();
        for (Descriptor at = message; at != null; at = at.getContainingType()) {
            place.add(0, at.getIndex());
        }
        return new Framing(message.getFullName(), Optional.of(List.copyOf(place)));
    }

    /** Reads what stands before the message. */
    void skip(CodedInputStream in) throws MisfitException {
        if (place.isPresent()) {
            Optional<List<Integer>> found = Optional.empty();
            try {
                found = place(in);
            } catch (IOException tooShort) {
                throw new MisfitException(NOT_FRAMED);
            }
            if (found.isEmpty()) {
                throw new MisfitException(NOT_FRAMED);
            }
            if (!found.equals(place)) {
                throw new MisfitException("is another message of its file than " + name);
            }
        }
    }

    private static Optional<List<Integer>> place(CodedInputStream in) throws IOException {
        if (in.readRawByte() != 0) {
            return Optional.empty();
        }
        in.skipRawBytes(ID_LENGTH);
        long count = in.readSInt64();
        if (count == 0) {
            return Optional.of(FIRST);
        }
        if (count < 0 || count > AvroValues.MAX_DEPTH) {
            return Optional.empty();
        }
        List<Integer> found = new ArrayList<>();
        for (long left = count; left > 0; left--) {
            long index = in.readSInt64();
            if (index < 0 || index > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            found.add((int) index);
        }
        return Optional.of(found);
    }

    /** A message and what stands before it; its schema has the id 0. */
    byte[] framed(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            if (place.isPresent()) {
                out.writeRawBytes(new byte[1 + ID_LENGTH]);
                List<Integer> indexes = place.get().equals(FIRST) ? List.of() : place.get();
                out.writeSInt32NoTag(indexes.size());
                for (int index : indexes) {
                    out.writeSInt32NoTag(index);
                }
            }
            message.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}

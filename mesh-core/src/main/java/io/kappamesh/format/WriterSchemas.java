package io.kappamesh.format;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The Avro schemas that stand behind the ids in the Confluent wire format (byte 0, id in 4 bytes, Avro binary), whatever subject they are
 * registered under. Thread-safe. Answers at once for records of a topic: what they claim is looked up before they come in.
 */
@FunctionalInterface
public interface WriterSchemas {

    /** Where there is no registry: no id stands for anything. */
    WriterSchemas NONE = id -> Optional.empty();

    /**
     * The schema with an id; empty = there is none, or it is not Avro.
     *
     * @throws NoAnswerException when nobody can tell yet. A format lets it pass: the record is read again later
     */
    Optional<Schema> find(int id);

    /** The registry gives no answer, and this id was never seen before. */
    final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int id;

        /** @param cause what came instead of an answer */
        public NoAnswerException(int id, Exception cause) {
            super("schema id " + id + " was never seen, and the registry gives no answer", cause);
            this.id = id;
        }

        /** The id that was asked for. */
        public int id() {
            return id;
        }
    }
}

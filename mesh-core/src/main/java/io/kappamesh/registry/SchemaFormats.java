package io.kappamesh.registry;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.SchemaProvider;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.rest.entities.Schema;
import io.kappamesh.Internal;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroTypeException;
import org.apache.avro.NameValidator;
import org.apache.avro.SchemaParseException;

/**
 * What the registry's client does with the text of a schema. Left alone it reports text that it cannot parse as an
 * {@code IOException}, like a broken connection; here the two are told apart.
 *
 * <p>Names are not judged: what was registered with a hyphen in a namespace, as Debezium and Kafka Connect do, is read like any other.
 */
@Internal
public final class SchemaFormats {

    private SchemaFormats() {}

    static List<SchemaProvider> providers() {
        return List.of(new Avro(), new Other("JSON"), new Other("PROTOBUF"));
    }

    /** Parses the text of a schema that somebody has registered, whatever its names and defaults are. */
    public static org.apache.avro.Schema parse(Iterable<String> references, String text) {
        org.apache.avro.Schema.Parser parser = new org.apache.avro.Schema.Parser(NameValidator.NO_VALIDATION);
        parser.setValidateDefaults(false);
        references.forEach(parser::parse);
        return parser.parse(text);
    }

    /** The registry knows the schema, and it is of no use for Avro. */
    static final class NotAvro extends RuntimeException {

        private static final long serialVersionUID = 1;

        NotAvro(String why) {
            super(why);
        }
    }

    private static final class Avro extends AvroSchemaProvider {
        @Override
        public Optional<ParsedSchema> parseSchema(Schema schema, boolean isNew, boolean normalize) {
            return Optional.of(parseSchemaOrElseThrow(schema, isNew, normalize));
        }

        @Override
        public ParsedSchema parseSchemaOrElseThrow(Schema schema, boolean isNew, boolean normalize) {
            Iterable<String> references = resolveReferences(schema).values();
            try {
                return new AvroSchema(parse(references, schema.getSchema()));
            } catch (SchemaParseException | AvroTypeException e) {
                throw new NotAvro("is no valid Avro schema");
            } catch (StackOverflowError e) {
                throw new NotAvro("is nested too deeply");
            }
        }
    }

    private static final class Other implements SchemaProvider {

        private final String type;

        Other(String type) {
            this.type = type;
        }

        @Override
        public String schemaType() {
            return type;
        }

        @Override
        public Optional<ParsedSchema> parseSchema(Schema schema, boolean isNew, boolean normalize) {
            throw new NotAvro("is a %s schema, not Avro".formatted(type));
        }

        @Override
        public ParsedSchema parseSchemaOrElseThrow(Schema schema, boolean isNew, boolean normalize) {
            throw new NotAvro("is a %s schema, not Avro".formatted(type));
        }
    }
}

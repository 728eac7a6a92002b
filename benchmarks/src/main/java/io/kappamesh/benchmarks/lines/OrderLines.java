package io.kappamesh.benchmarks.lines;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.serde.AvroEncoder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Order lines as flat rows, about 90 bytes each in Avro. Stateless. */
public final class OrderLines {
    private static final Schema DECIMAL = LogicalTypes.decimal(15, 2).addToSchema(Schema.create(Schema.Type.BYTES));
    private static final Schema TIME = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));

    /** The schema of a line. */
    public static final Schema SCHEMA = SchemaBuilder.record("OrderLine")
            .namespace("io.kappamesh.bench")
            .fields()
            .requiredString("lineId")
            .name("placedAt")
            .type(TIME)
            .noDefault()
            .requiredString("orderId")
            .requiredString("customerId")
            .requiredString("segment")
            .requiredString("partId")
            .requiredInt("lineNumber")
            .name("quantity")
            .type(DECIMAL)
            .noDefault()
            .name("extendedPrice")
            .type(DECIMAL)
            .noDefault()
            .name("discount")
            .type(DECIMAL)
            .noDefault()
            .name("tax")
            .type(DECIMAL)
            .noDefault()
            .endRecord();

    /** Where they go. */
    public static final SourcePort<GenericRecord> PORT = SourcePort.events("bench.lines.v1", GenericRecord.class)
            .schema(SCHEMA)
            .eventTime("placedAt")
            .key("lineId")
            .promises(
                    "quantity-positive",
                    "a line has a quantity",
                    line -> ((BigDecimal) line.get("quantity")).signum() > 0)
            .describedAs("Lines of orders, flat")
            .build();

    /** Whose dead letters take what is refused. */
    public static final ProductName PRODUCT = ProductName.of("bench.all");

    private OrderLines() {}

    /** The names of the columns, in their order. */
    public static List<String> columns() {
        return SCHEMA.getFields().stream().map(Schema.Field::name).toList();
    }

    /** The line that columns of text say. */
    public static GenericRecord of(String[] columns) {
        GenericRecord line = new GenericData.Record(SCHEMA);
        line.put(0, columns[0]);
        line.put(1, Instant.parse(columns[1]));
        for (int at = 2; at < 6; at++) {
            line.put(at, columns[at]);
        }
        line.put(6, Integer.parseInt(columns[6]));
        for (int at = 7; at < columns.length; at++) {
            line.put(at, new BigDecimal(columns[at]));
        }
        return line;
    }

    /** Writes lines in the Confluent wire format. */
    public static AvroEncoder<GenericRecord> encoder() {
        return new AvroEncoder<>(AvroType.generic(SCHEMA), 1);
    }
}

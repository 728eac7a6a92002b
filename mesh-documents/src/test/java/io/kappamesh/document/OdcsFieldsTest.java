package io.kappamesh.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class OdcsFieldsTest {

    @Test
    void theKeyAndTheEventTimeAreMarked() {
        assertThat(properties("""
                {"name": "orderId", "type": "string", "doc": "Its number."},
                {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}}""")).isEqualTo("""
                - name: orderId
                  description: Its number.
                  physicalType: string
                  required: true
                  logicalType: string
                  primaryKey: true
                  primaryKeyPosition: 1
                - name: placedAt
                  physicalType: timestamp-millis
                  required: true
                  logicalType: timestamp
                  logicalTypeOptions:
                    timezone: true
                    defaultTimezone: Etc/UTC
                  tags:
                    - event-time
                """);
    }

    @Test
    void logicalTypesAreWhatTheyMean() {
        assertThat(properties("""
                {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
                {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
                {"name": "at", "type": {"type": "long", "logicalType": "time-micros"}},
                {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
                {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}}""")).isEqualTo("""
                - name: amount
                  physicalType: decimal(12,2)
                  required: true
                  logicalType: number
                - name: day
                  physicalType: "null | date"
                  required: false
                  logicalType: date
                - name: at
                  physicalType: time-micros
                  required: true
                  logicalType: time
                - name: local
                  physicalType: local-timestamp-micros
                  required: true
                  logicalType: timestamp
                  logicalTypeOptions:
                    timezone: false
                - name: uuid
                  physicalType: uuid
                  required: true
                  logicalType: string
                  logicalTypeOptions:
                    format: uuid
                """);
    }

    @Test
    void whatIsInsideOfAFieldIsThereToo() {
        assertThat(properties("""
                {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "doc": "One line.", "fields": [
                    {"name": "note", "type": "string", "classification": "personal"},
                    {"name": "parts", "type": {"type": "array", "items": "Line"}}]}}},
                {"name": "sums", "type": {"type": "map", "values": "double"}}""")).isEqualTo("""
                - name: lines
                  physicalType: array of Line
                  required: true
                  logicalType: array
                  items:
                    physicalType: Line
                    required: true
                    logicalType: object
                    description: One line.
                    properties:
                      - name: note
                        physicalType: string
                        required: true
                        classification: personal
                        logicalType: string
                      - name: parts
                        physicalType: array of Line
                        required: true
                        logicalType: array
                        items:
                          physicalType: Line
                          required: true
                          logicalType: object
                          description: One line.
                - name: sums
                  physicalType: map of double
                  required: true
                  logicalType: object
                  properties:
                    - name: "*"
                      physicalType: double
                      required: true
                      logicalType: number
                      logicalTypeOptions:
                        format: f64
                """);
    }

    @Test
    void unionsAndEnumsAreSaidInWhatOdcsHas() {
        assertThat(properties("""
                {"name": "payer", "type": ["null", "string", {"type": "record", "name": "Firm", "fields": [{"name": "vat", "type": "long"}]}]},
                {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "PAID"]}}""")).isEqualTo("""
                - name: payer
                  physicalType: "null | string | Firm"
                  required: false
                  properties:
                    - name: string
                      physicalType: string
                      required: true
                      logicalType: string
                    - name: org.example.Firm
                      physicalType: Firm
                      required: true
                      logicalType: object
                      properties:
                        - name: vat
                          physicalType: long
                          required: true
                          logicalType: integer
                          logicalTypeOptions:
                            format: i64
                - name: state
                  physicalType: enum(OPEN, PAID)
                  required: true
                  logicalType: string
                  quality:
                    - type: library
                      metric: invalidValues
                      mustBe: 0
                      description: One of the symbols of State
                      arguments:
                        validValues:
                          - OPEN
                          - PAID
                """);
    }

    private static String properties(String fields) {
        Schema record = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"org.example\", \"fields\": [%s]}"
                        .formatted(String.join("\n", List.of(fields))));
        // The writer sets a list in by two blanks, also one that stands alone.
        return DocumentText.yaml(new OdcsFields("orderId", "placedAt").of(record))
                .replaceAll("(?m)^  ", "");
    }
}

package io.kappamesh.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalar;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.math.BigDecimal;

/** The single value at which a parser of JSON is. */
record JsonScalar(JsonParser in) implements Scalar {

    @Override
    public boolean isNull() {
        return in.currentToken() == JsonToken.VALUE_NULL;
    }

    @Override
    public boolean isText() {
        return in.currentToken() == JsonToken.VALUE_STRING;
    }

    @Override
    public boolean truth() throws IOException {
        require(in.currentToken().isBoolean(), "is neither true nor false");
        return in.getBooleanValue();
    }

    @Override
    public long whole() throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? in.getBigIntegerValue().longValueExact()
                    : in.getLongValue();
        }
        return Scalars.whole(number());
    }

    @Override
    public double real() throws IOException {
        if (isText()) {
            return Scalars.notFinite(in.getText());
        }
        double number = number().doubleValue();
        require(Double.isFinite(number), "is a number that its type cannot hold");
        return number;
    }

    @Override
    public BigDecimal number() throws IOException {
        require(in.currentToken().isNumeric(), "is no number");
        return in.getDecimalValue();
    }

    @Override
    public String text() throws IOException {
        require(isText(), "is no text");
        return Scalars.wellFormed(in.getText());
    }

    @Override
    public byte[] bytes() throws IOException {
        return Scalars.base64(text());
    }

    private static void require(boolean holds, String otherwise) throws MisfitException {
        if (!holds) {
            throw new MisfitException(otherwise);
        }
    }
}

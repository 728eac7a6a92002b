package io.kappamesh.csv;

import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.kappamesh.Internal;
import io.kappamesh.mapping.MisfitException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How lines are written.
 *
 * @param quote empty = columns are never quoted
 * @param escape empty = there is no such character
 * @param nullText what stands for a missing value besides an empty column
 * @param decimalComma whether numbers have a comma in place of the point
 */
@Internal
public record CsvDialect(
        char delimiter,
        Optional<Character> quote,
        Optional<Character> escape,
        Charset charset,
        Optional<String> nullText,
        boolean decimalComma) {
    static final CsvDialect RFC_4180 =
            new CsvDialect(',', Optional.of('"'), Optional.empty(), StandardCharsets.UTF_8, Optional.empty(), false);

    CsvDialect withDelimiter(char other) {
        return new CsvDialect(other, quote, escape, charset, nullText, decimalComma);
    }

    CsvDialect withQuote(Optional<Character> other) {
        return new CsvDialect(delimiter, other, escape, charset, nullText, decimalComma);
    }

    CsvDialect withEscape(char other) {
        return new CsvDialect(delimiter, quote, Optional.of(other), charset, nullText, decimalComma);
    }

    CsvDialect withCharset(Charset other) {
        return new CsvDialect(delimiter, quote, escape, other, nullText, decimalComma);
    }

    CsvDialect withNullText(String text) {
        return new CsvDialect(delimiter, quote, escape, charset, Optional.of(text), decimalComma);
    }

    CsvDialect withDecimalComma() {
        return new CsvDialect(delimiter, quote, escape, charset, nullText, true);
    }

    List<String> problems() {
        List<Character> special = new ArrayList<>(List.of(delimiter));
        quote.ifPresent(special::add);
        escape.ifPresent(special::add);
        List<String> problems = new ArrayList<>();
        if (special.stream().distinct().count() < special.size()) {
            problems.add("CSV format: delimiter, quote and escape must be different characters");
        }
        if (special.stream().anyMatch(one -> one == '\r' || one == '\n' || one == 0 || Character.isSurrogate(one))) {
            problems.add("CSV format: delimiter, quote and escape must be whole characters and no line ends");
        }
        nullText.filter(text -> escape.isPresent() && text.indexOf(escape.get()) >= 0)
                .ifPresent(
                        text -> problems.add(
                                "CSV format: the text for a missing value must not hold the escape character, which is taken away before"));
        return problems;
    }

    /** The same in the words of the library that reads lines. */
    CsvSchema schema() {
        CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(delimiter);
        schema = quote.isPresent() ? schema.withQuoteChar(quote.get()) : schema.withoutQuoteChar();
        return escape.isPresent() ? schema.withEscapeChar(escape.get()) : schema;
    }

    /** What bytes are in the charset. */
    char[] text(byte[] bytes) throws MisfitException {
        try {
            CharBuffer decoded = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            char[] text = new char[decoded.remaining()];
            decoded.get(text);
            return text;
        } catch (CharacterCodingException broken) {
            throw new MisfitException("is no text in " + charset.name());
        }
    }
}

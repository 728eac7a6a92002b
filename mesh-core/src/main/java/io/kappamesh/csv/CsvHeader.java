package io.kappamesh.csv;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.kappamesh.mapping.MisfitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The first line of a file that names its columns. Stateless. */
final class CsvHeader {
    private static final CsvFactory CSV = new CsvFactory();
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private CsvHeader() {}

    static List<String> names(CsvDialect dialect, byte[] line) throws MisfitException {
        char[] text = dialect.text(line);
        int from = text.length > 0 && text[0] == BYTE_ORDER_MARK ? 1 : 0;
        List<String> names = new ArrayList<>();
        try (CsvParser in = CSV.createParser(text, from, text.length - from)) {
            in.setSchema(dialect.schema());
            in.nextToken();
            for (JsonToken token = in.nextToken();
                    token != null && token != JsonToken.END_ARRAY;
                    token = in.nextToken()) {
                names.add(in.getText().strip());
            }
            if (in.nextToken() != null) {
                throw new MisfitException("goes on behind its end: are lines ended by CR alone?");
            }
        } catch (MisfitException misfit) {
            throw misfit;
        } catch (IOException broken) {
            throw new MisfitException("is not valid CSV: a quoted column does not end where it should");
        }
        return names;
    }
}

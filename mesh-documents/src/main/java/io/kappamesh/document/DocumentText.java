package io.kappamesh.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.kappamesh.declaration.DeclarationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Trees as text. Strings stand without quotes only where no reader of YAML, of version 1.1 or 1.2, could take them for something else. Stateless.
 */
final class DocumentText {
    private static final int LARGEST = 64 << 20;
    private static final int DEEPEST = 1_000;
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final ObjectMapper YAML = YAMLMapper.builder(new Factory(YAMLFactory.builder()
                    .loaderOptions(limits())
                    .stringQuotingChecker(new Quotes())
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)))
            .build();

    private DocumentText() {}

    private static LoaderOptions limits() {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(LARGEST);
        limits.setNestingDepthLimit(DEEPEST);
        return limits;
    }

    static String yaml(JsonNode document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static String json(JsonNode document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * The tree of a text in YAML or in JSON, which is YAML.
     *
     * @throws DeclarationException when it is neither
     */
    static JsonNode tree(String text) {
        try {
            return text.stripLeading().startsWith("{") ? JSON.readTree(text) : YAML.readTree(text);
        } catch (JsonProcessingException neither) {
            throw new DeclarationException(List.of("expected YAML or JSON: " + neither.getOriginalMessage()));
        }
    }

    /** Which strings are quoted. */
    private static final class Quotes extends StringQuotingChecker {
        private static final long serialVersionUID = 1;
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z]([A-Za-z0-9 _./()@,;-]*[A-Za-z0-9_./()@;])?");
        private static final Set<String> WORDS =
                Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf");

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return !PLAIN.matcher(value).matches() || WORDS.contains(value.toLowerCase(Locale.ROOT));
        }
    }

    /** Makes generators that write lines as lines only where no reader could lose a space or a break of them. */
    private static final class Factory extends YAMLFactory {
        private static final long serialVersionUID = 1;
        /** Printable, but for what some readers take for the end of a line. */
        private static final String SEEN = "!-~\\u00A1-\\u1FFF\\u2070-\\uD7FF";

        private static final Pattern LINE = Pattern.compile(" *[" + SEEN + "](?:[ " + SEEN + "]*[" + SEEN + "])?");

        Factory(YAMLFactoryBuilder options) {
            super(options);
        }

        private static boolean isLines(String text) {
            String[] lines = (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1);
            return !lines[0].isEmpty()
                    && lines[0].charAt(0) != ' '
                    && !lines[lines.length - 1].isEmpty()
                    && Arrays.stream(lines)
                            .allMatch(
                                    line -> line.isEmpty() || LINE.matcher(line).matches());
        }

        @Override
        protected YAMLGenerator _createGenerator(Writer out, IOContext context) throws IOException {
            return new YAMLGenerator(
                    context, _generatorFeatures, _yamlGeneratorFeatures, _quotingChecker, _objectCodec, out, _version) {
                @Override
                public void writeString(String text) throws IOException {
                    if (text.indexOf('\n') < 0 || isLines(text)) {
                        super.writeString(text);
                    } else {
                        _verifyValueWrite("write String value");
                        _writeScalar(text, "string", DumperOptions.ScalarStyle.DOUBLE_QUOTED);
                    }
                }
            };
        }
    }
}

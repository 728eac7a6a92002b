package org.example.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of Markdown in which some fenced blocks are written by a test: those behind a comment that says what they are.
 *
 * @param text the whole page
 */
public record RulesPage(String text) {
    private static final Pattern BLOCK =
            Pattern.compile("<!-- (\\w+: [\\w-]+) -->\\n(```\\w*\\n)(.*?)\\n?```\\n", Pattern.DOTALL);

    public static RulesPage read(Path file) throws IOException {
        return new RulesPage(Files.readString(file));
    }

    public void write(Path file) throws IOException {
        Files.writeString(file, text);
    }

    /** The blocks by what their comments say. */
    public Map<String, String> blocks() {
        Map<String, String> blocks = new LinkedHashMap<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            blocks.put(block.group(1), block.group(3));
        }
        return blocks;
    }

    /** The same page with these blocks; those that are not given stay. */
    public RulesPage with(Map<String, String> blocks) {
        return new RulesPage(BLOCK.matcher(text).replaceAll(block -> {
            String content = blocks.getOrDefault(block.group(1), block.group(3));
            return Matcher.quoteReplacement("<!-- " + block.group(1) + " -->\n" + block.group(2) + content + "\n```\n");
        }));
    }
}

package io.kappamesh.condition;

import io.kappamesh.declaration.DeclarationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one condition, by recursive descent. Used once. */
final class ConditionParser {
    private static final int LONGEST = 4_000;
    private static final int DEEPEST = 50;
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(?<text>'(?:[^']|'')*')"
            + "|(?<number>-?[0-9]{1,40}(?:\\.[0-9]{1,40})?)"
            + "|(?<word>[A-Za-z_][A-Za-z0-9_]*(?:\\[\\])?(?:\\.[A-Za-z_][A-Za-z0-9_]*(?:\\[\\])?)*)"
            + "|(?<sign><=|>=|!=|[=<>(),]))");
    private static final Set<String> RESERVED =
            Set.of("and", "or", "not", "in", "is", "null", "empty", "true", "false");

    private record Token(String kind, String text, int at) {}

    private final String condition;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    ConditionParser(String condition) {
        this.condition = condition;
    }

    Clause parse() {
        if (condition.length() > LONGEST) {
            throw new DeclarationException(List.of("a condition has at most " + LONGEST + " characters"));
        }
        tokenize();
        Clause test = any();
        if (next < tokens.size()) {
            throw unexpected("and, or, or the end");
        }
        return test;
    }

    private void tokenize() {
        String text = condition.stripTrailing();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                while (Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                throw wrong(at, "expected a field, a number, 'text' or an operator");
            }
            for (String kind : List.of("text", "number", "word", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group(kind), matcher.start(kind)));
                }
            }
            at = matcher.end();
        }
    }

    private Clause any() {
        List<Clause> parts = new ArrayList<>(List.of(all()));
        while (accept("or")) {
            parts.add(all());
        }
        return parts.size() == 1 ? parts.get(0) : new Clause.Or(List.copyOf(parts));
    }

    private Clause all() {
        List<Clause> parts = new ArrayList<>(List.of(one()));
        while (accept("and")) {
            parts.add(one());
        }
        return parts.size() == 1 ? parts.get(0) : new Clause.And(List.copyOf(parts));
    }

    private Clause one() {
        if (++depth > DEEPEST) {
            throw new DeclarationException(List.of("a condition is nested at most " + DEEPEST + " deep"));
        }
        try {
            if (accept("not")) {
                return new Clause.Not(one());
            }
            if (accept("(")) {
                Clause inside = any();
                expect(")");
                return inside;
            }
            return test(path());
        } finally {
            depth--;
        }
    }

    private Clause test(FieldPath path) {
        if (accept("is")) {
            boolean negated = accept("not");
            Clause test = accept("null") ? new Clause.IsNull(path) : accept("empty") ? new Clause.IsEmpty(path) : null;
            if (test == null) {
                throw unexpected("null or empty");
            }
            return negated ? new Clause.Not(test) : test;
        }
        if (accept("in")) {
            expect("(");
            List<Operand> operands = new ArrayList<>(List.of(literal()));
            while (accept(",")) {
                operands.add(literal());
            }
            expect(")");
            return new Clause.OneOf(path, List.copyOf(operands));
        }
        Optional<Comparison> comparison =
                peek().filter(token -> token.kind().equals("sign")).flatMap(token -> Comparison.of(token.text()));
        if (comparison.isEmpty()) {
            throw unexpected("=, !=, <, <=, >, >=, in or is");
        }
        next++;
        return new Clause.Compares(path, comparison.get(), operand());
    }

    private Operand operand() {
        boolean isField = peek().filter(token -> token.kind().equals("word")
                        && !RESERVED.contains(token.text().toLowerCase(Locale.ROOT)))
                .isPresent();
        if (!isField) {
            return literal();
        }
        int at = tokens.get(next).at();
        FieldPath other = path();
        if (other.isMany()) {
            throw wrong(at, "a field of each element stands on the left side only");
        }
        return new Operand.Other(other);
    }

    private Operand literal() {
        if (accept("true")) {
            return new Operand.Flag(true);
        }
        if (accept("false")) {
            return new Operand.Flag(false);
        }
        Token token = peek().filter(
                        one -> one.kind().equals("text") || one.kind().equals("number"))
                .orElseThrow(() -> unexpected("a number, 'text', true or false"));
        next++;
        return token.kind().equals("number")
                ? new Operand.Amount(new BigDecimal(token.text()))
                : Operand.Text.of(
                        token.text().substring(1, token.text().length() - 1).replace("''", "'"));
    }

    private FieldPath path() {
        Token token = peek().filter(one -> one.kind().equals("word")
                        && !RESERVED.contains(one.text().toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> unexpected("a field"));
        next++;
        List<FieldPath.Step> steps = new ArrayList<>();
        for (String step : token.text().split("\\.", -1)) {
            boolean each = step.endsWith("[]");
            steps.add(new FieldPath.Step(each ? step.substring(0, step.length() - 2) : step, each));
        }
        return new FieldPath(steps);
    }

    private Optional<Token> peek() {
        return next < tokens.size() ? Optional.of(tokens.get(next)) : Optional.empty();
    }

    private boolean accept(String word) {
        boolean here = peek().filter(
                        token -> !token.kind().equals("text") && token.text().equalsIgnoreCase(word))
                .isPresent();
        next += here ? 1 : 0;
        return here;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw unexpected(word);
        }
    }

    private DeclarationException unexpected(String expected) {
        return peek().map(token -> wrong(token.at(), "expected " + expected + " but found " + token.text()))
                .orElseGet(() -> wrong(condition.length(), "expected " + expected + " but it ends"));
    }

    private DeclarationException wrong(int at, String what) {
        return new DeclarationException(
                List.of("condition \"" + condition + "\": at character " + (at + 1) + ": " + what));
    }
}

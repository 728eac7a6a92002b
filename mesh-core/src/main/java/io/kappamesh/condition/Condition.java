package io.kappamesh.condition;

import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * A condition on a record, as text: {@code total >= 0 and lines is not empty}. Use it for the rules of ports in place of a function in
 * Java: it stands in the catalogue, so that the owner of a port can check it before he changes something, without the code of who demands it.
 *
 * <pre>
 *   path = 'text'     != &lt; &lt;= &gt; >=; with a number, a text, true, false, or another path. Days and moments are
 *                     compared with text: '2026-03-01', '2026-03-01T10:00:00Z'
 *   path in ('A', 'B')
 *   path is null      is not null
 *   path is empty     is not empty: of text, arrays and maps
 *   and, or, not, ( )
 * </pre>
 *
 * <p>A path names a field, {@code customer.name} one of a record inside; {@code lines[].price} is each element of an array, and the test
 * holds if it does for all of them. A comparison with null does not hold. Text in single quotes; a quote inside is written twice. Two with the
 * same text are equal. Immutable and thread-safe.
 */
public final class Condition implements Predicate<IndexedRecord> {
    private final String text;
    private final Clause clause;

    private Condition(String text, Clause clause) {
        this.text = text;
        this.clause = clause;
    }

    /**
     * Reads a condition.
     *
     * @throws DeclarationException saying where the text is not as expected
     */
    public static Condition of(String text) {
        return new Condition(text, new ConditionParser(text).parse());
    }

    /** Whether it holds for a record of a schema with which it has no {@link #problems}. */
    @Override
    public boolean test(IndexedRecord record) {
        return clause.holds(record);
    }

    /** Fields that a schema does not have, and comparisons with something of another kind; empty = none. */
    @Internal
    public List<String> problems(Schema schema) {
        List<String> problems = new ArrayList<>();
        clause.judge(schema, problems);
        return problems.stream()
                .map(problem -> "condition \"" + text + "\": " + problem)
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Condition condition && condition.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}

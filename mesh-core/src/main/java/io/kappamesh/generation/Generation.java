package io.kappamesh.generation;

import io.kappamesh.contract.ProductName;
import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of a product's topology from the start of its inputs. Its consumer groups, transactional ids and internal topics begin
 * with its text: {@code sales.orders.g1}.
 *
 * @param product whose run it is
 * @param number from 1
 */
public record Generation(ProductName product, int number) implements Comparable<Generation> {
    private static final Pattern FORM = Pattern.compile("(.+)\\.g([1-9][0-9]{0,5})");

    public Generation {
        if (number < 1) {
            throw new IllegalArgumentException("generations are numbered from 1, not " + number);
        }
    }

    /**
     * Reads a generation from its text.
     *
     * @throws DeclarationException when the text has another form than {@code domain.name.gN}
     */
    public static Generation of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new DeclarationException(
                    List.of("generation '" + text + "': expected domain.name.gN, such as sales.orders.g2"));
        }
        return new Generation(ProductName.of(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** The application id of Kafka Streams, and thereby the consumer group. */
    public String applicationId() {
        return product + ".g" + number;
    }

    /** Where the generation writes in place of a public topic while it is not serving: {@code sales.orders.v1.g2}. */
    public String shadowOf(String topic) {
        return topic + ".g" + number;
    }

    @Override
    public int compareTo(Generation other) {
        int byProduct = product.compareTo(other.product);
        return byProduct != 0 ? byProduct : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return applicationId();
    }
}

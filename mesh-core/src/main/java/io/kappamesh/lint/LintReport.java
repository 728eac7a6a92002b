package io.kappamesh.lint;

import io.kappamesh.Internal;
import java.util.List;

/**
 * What the linter says about a product.
 *
 * @param findings what is neither right nor declared as deliberate, in a fixed order
 * @param unjudged what it cannot judge, because this version of Kafka Streams is not what it knows; a sentence each
 */
@Internal
public record LintReport(List<Finding> findings, List<String> unjudged) {
    public LintReport {
        findings = List.copyOf(findings);
        unjudged = List.copyOf(unjudged);
    }
}

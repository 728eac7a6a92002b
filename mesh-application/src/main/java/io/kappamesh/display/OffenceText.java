package io.kappamesh.display;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.offence.RuleOffence;
import java.util.List;

/** What a candidate refuses by rules. Stateless. */
public final class OffenceText {
    private OffenceText() {}

    /** A line for each rule by which it refuses what is taken today, and for each that refuses the same records as today. */
    public static List<String> of(List<RuleOffence> offences) {
        return offences.stream().map(OffenceText::line).toList();
    }

    private static String line(RuleOffence one) {
        String example =
                "key " + Plain.text(one.key()) + " (partition " + one.partition() + ", offset " + one.offset() + ")";
        String rule = "  rule    " + Plain.text(one.rule()) + " at " + Plain.text(one.topic());
        return one.fresh() == 0
                ? rule + ": refuses " + HumanNumbers.count(one.refused()) + " records, all of them today too, such as "
                        + example
                : rule + ": would refuse " + HumanNumbers.count(one.fresh())
                        + " records that are taken today, the first of them "
                        + example
                        + (one.refused() > one.fresh()
                                ? ", besides " + HumanNumbers.count(one.refused() - one.fresh())
                                        + " that it refuses today"
                                : "");
    }

    /** The same for a program. */
    public static JsonNode json(List<RuleOffence> offences) {
        return new ObjectMapper().valueToTree(offences);
    }
}

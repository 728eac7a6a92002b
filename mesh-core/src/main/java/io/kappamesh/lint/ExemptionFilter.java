package io.kappamesh.lint;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.Exemption;
import java.util.ArrayList;
import java.util.List;

/** Takes out what a product declares as deliberate, and finds declarations that take out nothing. */
final class ExemptionFilter {
    private ExemptionFilter() {}

    static List<Finding> apply(DataProduct product, List<Finding> findings) {
        List<Finding> rest = new ArrayList<>(findings);
        for (Exemption exemption : product.exemptions()) {
            if (Rule.exemptible(exemption.rule()).isEmpty()) {
                rest.add(wrong(
                        product, exemption, "is from a rule that does not exist; there are " + Rule.exemptibleIds()));
            } else if (findings.stream().noneMatch(finding -> covers(exemption, finding))) {
                rest.add(wrong(product, exemption, "matches nothing that is found"));
            } else {
                rest.removeIf(finding -> covers(exemption, finding));
            }
        }
        return List.copyOf(rest);
    }

    private static boolean covers(Exemption exemption, Finding finding) {
        return exemption.rule().equals(finding.rule().id()) && exemption.where().equals(finding.where());
    }

    private static Finding wrong(DataProduct product, Exemption exemption, String what) {
        return new Finding(
                product.name(),
                Rule.EXEMPTION,
                "the exemption from '" + exemption.rule() + "' at '" + exemption.where() + "'",
                what);
    }
}

package io.kappamesh.slo;

import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.level.Indicator;
import io.kappamesh.level.Objective;
import io.kappamesh.level.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Alerting rules for Prometheus, of what ports declare: a file of rules in YAML. Alerts about a fast or slow loss look at meters over hours, in two windows each, so that
 * they end soon after the loss; what a whole window says comes from the product, because Prometheus seldom keeps data for so long. Where nothing was measured in a window, a
 * share is no number, and no alert fires. Stateless.
 */
public final class PrometheusRules {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int DIGITS = 12;
    /** Longer than processes take to learn what others have counted of a day that is over. */
    private static final String OF_A_VOLUME = "15m";

    private PrometheusRules() {}

    /** The text of the file. */
    public static String of(List<ProductDescription> products) {
        StringBuilder text = new StringBuilder("groups:\n");
        boolean isEmpty = true;
        for (ProductDescription product : products) {
            for (OutputDescription output : product.outputs()) {
                if (!output.objectives().isEmpty()) {
                    isEmpty = false;
                    group(product, output, text);
                }
            }
        }
        return isEmpty ? "groups: []\n" : text.toString();
    }

    private static void group(ProductDescription product, OutputDescription output, StringBuilder text) {
        String port = output.address();
        text.append("  - name: ").append(quoted("kappa-mesh " + port)).append("\n    rules:\n");
        for (Objective objective : output.objectives()) {
            String what = objective.indicator().text();
            String promise = what + " of " + port;
            Rule rule = new Rule(product, port, what, text);
            if (objective.indicator() == Indicator.VOLUME) {
                rule.write(
                        "PortLevelBurning",
                        state(port, what) + " == 1",
                        OF_A_VOLUME,
                        "warning",
                        "The " + promise + " was not as promised on the last day");
            } else {
                rule.write(
                        "PortLevelBurningFast",
                        burning(port, objective, HOUR, "1h", "5m"),
                        "2m",
                        "critical",
                        "The " + promise + " loses its error budget within hours or days");
                rule.write(
                        "PortLevelBurningSlowly",
                        burning(port, objective, DAY, "1d", "2h"),
                        "15m",
                        "warning",
                        "The " + promise + " loses its error budget before its window of " + objective.days()
                                + " days is over");
            }
            rule.write(
                    "PortLevelMissed",
                    state(port, what) + " == 2",
                    objective.indicator() == Indicator.VOLUME ? OF_A_VOLUME : "5m",
                    "warning",
                    "The " + promise + " is below its target of " + number(objective.target()) + " over "
                            + objective.days() + " days");
        }
        new Rule(product, port, "", text)
                .write(
                        "PortNotMeasured",
                        unmeasured("mesh_level_measured_total{" + labels(port, Indicator.FRESHNESS.text()) + "}"),
                        "10m",
                        "critical",
                        "No process measures the levels of service of " + port
                                + "; see whether one serves, and whether it has read the history");
    }

    /** Meters are there from when a generation starts, also while it is a candidate; time is only counted where one serves. */
    private static String unmeasured(String meter) {
        return "sum(increase(" + meter + "[10m])) == 0 or absent(" + meter + ")";
    }

    /** How it stands, as the process knows it that knows the worst. */
    private static String state(String port, String level) {
        return "max by (product, port, level) (mesh_level_state{" + labels(port, level) + "})";
    }

    private static String burning(String port, Objective objective, Duration span, String window, String soon) {
        String level = objective.indicator().text();
        String threshold = number(Reading.pace(objective, span) * (1 - objective.target()));
        boolean isStrict = objective.target() == 1;
        String compared = isStrict ? " > 1e-6" : " >= " + threshold;
        String rate = lost(port, level, window) + compared + " and " + lost(port, level, soon) + compared;
        return objective.indicator() == Indicator.FRESHNESS
                ? rate
                // Of few records a single one is a large share, and an increase by one is extrapolated to a little
                // more.
                : rate + " and (" + sum("mesh_level_measured_total", port, level, window) + " - "
                        + sum("mesh_level_good_total", port, level, window) + ") >= 1.5";
    }

    private static String lost(String port, String level, String window) {
        return "(1 - " + sum("mesh_level_good_total", port, level, window) + " / "
                + sum("mesh_level_measured_total", port, level, window) + ")";
    }

    private static String sum(String meter, String port, String level, String window) {
        return "sum by (product, port, level) (increase(" + meter + "{" + labels(port, level) + "}[" + window + "]))";
    }

    private static String labels(String port, String level) {
        return "port=" + quoted(port) + ",level=" + quoted(level);
    }

    private static String number(double value) {
        return new BigDecimal(value, new MathContext(DIGITS, RoundingMode.HALF_EVEN))
                .stripTrailingZeros()
                .toPlainString();
    }

    private record Rule(ProductDescription product, String port, String level, StringBuilder text) {
        void write(String alert, String expression, String lasting, String severity, String summary) {
            text.append("      - alert: ").append(alert).append('\n');
            line("expr", expression);
            text.append("        for: ").append(lasting).append('\n');
            text.append("        labels:\n");
            label("severity", severity);
            label("product", product.product());
            label("port", port);
            if (!level.isEmpty()) {
                label("level", level);
            }
            label("owner", product.owner().team());
            text.append("        annotations:\n");
            label("summary", summary);
            label("contact", product.owner().contact());
        }

        private void line(String key, String value) {
            text.append("        ")
                    .append(key)
                    .append(": ")
                    .append(quoted(value))
                    .append('\n');
        }

        /** Prometheus takes values of labels and annotations for templates. */
        private void label(String key, String value) {
            text.append("          ")
                    .append(key)
                    .append(": ")
                    .append(quoted(value.replace("{{", "{ {")))
                    .append('\n');
        }
    }

    /** In double quotes, with the escapes that YAML and PromQL have in common. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(one -> {
            if (one == '"' || one == '\\') {
                quoted.append('\\').append((char) one);
            } else if (one < ' ' || one == 0x7f || (one >= 0x80 && one < 0xa0) || one == 0x2028 || one == 0x2029) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", one));
            } else {
                quoted.append((char) one);
            }
        });
        return quoted.append('"').toString();
    }
}

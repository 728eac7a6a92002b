package io.kappamesh.topology;

import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.Reason;
import io.kappamesh.rule.BrokenRule;
import java.util.List;

/** Writes down what it is told. */
record Told(List<String> told) implements ProductObserver {
    @Override
    public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {
        told.add("in " + topic + "-" + partition + "@" + offset + " " + eventTimeMillis);
    }

    @Override
    public void recordOut(String topic, long eventTimeMillis) {
        told.add("out " + topic + " " + eventTimeMillis);
    }

    @Override
    public void unmet(List<BrokenRule> rules) {
        rules.forEach(one -> told.add("unmet " + one.port() + " " + one.rule() + " " + one.policy()));
    }

    @Override
    public void broken(String topic, List<String> rules) {
        told.add("broken " + topic + " " + rules);
    }

    @Override
    public void deadLetter(String topic, int partition, long offset, Reason reason) {
        told.add("refused " + topic + "-" + partition + "@" + offset + " " + reason.text());
    }

    @Override
    public void ignored(String topic, int partition, long offset) {
        told.add("ignored " + topic + "-" + partition + "@" + offset);
    }
}

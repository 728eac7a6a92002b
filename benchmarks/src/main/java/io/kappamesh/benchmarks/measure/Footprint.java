package io.kappamesh.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * What a process holds and asks for, whatever it does.
 *
 * @param threads of the whole process, those of its JVM that Java shows included
 * @param connections of its Kafka clients to brokers
 * @param requestsPerSecond what its Kafka clients ask brokers
 */
public record Footprint(double threads, double connections, double requestsPerSecond) {
    /** Not measured: no number. */
    public static final Footprint NONE = new Footprint(Double.NaN, Double.NaN, Double.NaN);

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    /** Requests of all Kafka clients of this process so far. Those of clients that were closed are forgotten. */
    public static double requests() {
        return sum("request-total");
    }

    /** That of this process now, which has sent so many requests a second. */
    public static Footprint now(double requestsPerSecond) {
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(), sum("connection-count"), requestsPerSecond);
    }

    private static double sum(String attribute) {
        return clients().stream()
                .mapToDouble(client -> value(client, attribute))
                .sum();
    }

    /** 0 where there is none: groups of other metrics have names of the same form, and clients come and go. */
    private static double value(ObjectName client, String attribute) {
        try {
            return ((Number) BEANS.getAttribute(client, attribute)).doubleValue();
        } catch (AttributeNotFoundException | InstanceNotFoundException otherMetrics) {
            return 0;
        } catch (JMException e) {
            throw new IllegalStateException(client + " does not tell " + attribute, e);
        }
    }

    private static Set<ObjectName> clients() {
        try {
            return BEANS.queryNames(new ObjectName("kafka.*:type=*-metrics,client-id=*"), null);
        } catch (MalformedObjectNameException impossible) {
            throw new IllegalStateException("the pattern is one", impossible);
        }
    }
}

package io.kappamesh.display;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.deploy.DeployReport;

/** Whether a build can be deployed, for programs. Stateless. */
public final class DeployJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeployJson() {}

    /** All of a report, and the answer as {@code possible}. */
    public static ObjectNode of(DeployReport report) {
        ObjectNode to = JSON.valueToTree(report);
        return to.put("possible", report.isPossible());
    }
}

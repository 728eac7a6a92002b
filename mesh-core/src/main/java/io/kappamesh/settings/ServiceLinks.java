package io.kappamesh.settings;

import java.util.regex.Pattern;

/**
 * Recognizes the variables that Kubernetes sets in every container for each Service of its namespace. For a Service called {@code mesh}
 * or {@code mesh-http} they look like settings: {@code MESH_SERVICE_HOST=10.0.0.7}, {@code MESH_HTTP_PORT=tcp://10.0.0.7:80}. A
 * variable counts as one of them only if both its name and its value have that form. Stateless.
 */
final class ServiceLinks {
    private static final String NUMBER = "\\d{1,5}";
    private static final String PROTOCOL = "(tcp|udp|sctp)";
    private static final String ADDRESS = "(\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?)";

    private enum Form {
        SERVICE_HOST("_SERVICE_HOST", ADDRESS),
        SERVICE_PORT("_SERVICE_PORT(_[A-Z0-9_]+)?", NUMBER),
        PORT("_PORT(_\\d+_(TCP|UDP|SCTP))?", PROTOCOL + "://" + ADDRESS + ":" + NUMBER),
        PORT_PROTOCOL("_PORT_\\d+_(TCP|UDP|SCTP)_PROTO", PROTOCOL),
        PORT_NUMBER("_PORT_\\d+_(TCP|UDP|SCTP)_PORT", NUMBER),
        PORT_ADDRESS("_PORT_\\d+_(TCP|UDP|SCTP)_ADDR", ADDRESS);

        private final Pattern name;
        private final Pattern value;

        Form(String name, String value) {
            this.name = Pattern.compile("[A-Z][A-Z0-9_]*" + name);
            this.value = Pattern.compile(value);
        }
    }

    private ServiceLinks() {}

    /** Whether Kubernetes has set a variable, and nobody meant a setting. */
    static boolean isOne(String variable, String value) {
        for (Form form : Form.values()) {
            if (form.name.matcher(variable).matches()
                    && form.value.matcher(value).matches()) {
                return true;
            }
        }
        return false;
    }
}

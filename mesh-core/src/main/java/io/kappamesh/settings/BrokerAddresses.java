package io.kappamesh.settings;

import java.util.HashSet;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Judges the addresses of brokers as Kafka's clients read them, without asking whether their names resolve. Stateless. */
final class BrokerAddresses {
    static final Validator VALIDATOR = LambdaValidator.with(BrokerAddresses::judge, () -> "of `host:port`, each once");

    /** One address, or none. */
    static final Validator ONE = LambdaValidator.with(
            (key, value) -> {
                if (value != null && !isOne(value.toString())) {
                    throw new ConfigException(key, "not a host and a port");
                }
            },
            () -> "`host:port`");

    private static final int LARGEST_PORT = 65_535;

    private BrokerAddresses() {}

    private static void judge(String key, @Nullable Object value) {
        List<?> addresses = value instanceof List<?> list ? list : List.of();
        if (addresses.isEmpty() || new HashSet<>(addresses).size() != addresses.size()) {
            throw new ConfigException(key, "none, or one twice");
        }
        for (Object address : addresses) {
            if (!isOne(String.valueOf(address))) {
                throw new ConfigException(key, "not a host and a port");
            }
        }
    }

    private static boolean isOne(String address) {
        try {
            Integer port = Utils.getPort(address);
            return Utils.getHost(address) != null && port != null && port > 0 && port <= LARGEST_PORT;
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}

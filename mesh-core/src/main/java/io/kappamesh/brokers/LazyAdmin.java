package io.kappamesh.brokers;

import io.kappamesh.failure.Causes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/**
 * An admin client that is made when it is first asked something, and tried again at the next question if that fails: Kafka's own cannot be
 * made before the name of a broker resolves, and no client must be made before it is known what listens there. Thread-safe.
 */
public final class LazyAdmin implements InvocationHandler {
    private static final String UNRESOLVED = "No resolvable bootstrap urls";

    private final Map<String, Object> config;
    private final TlsProbe firstBytes;
    private @Nullable Admin made;
    private boolean closed;

    private LazyAdmin(Map<String, Object> config) {
        this.config = Map.copyOf(config);
        this.firstBytes = new TlsProbe(config);
    }

    /**
     * One for these brokers. A question throws at once what {@link #isNotThereYet} knows, as long as there are no brokers; and {@link ConfigException}
     * where brokers, security and settings do not go together, so that waiting does not help.
     */
    public static Admin of(Map<String, Object> config) {
        return (Admin) Proxy.newProxyInstance(
                LazyAdmin.class.getClassLoader(), new Class<?>[] {Admin.class}, new LazyAdmin(config));
    }

    /** Makes it now, as a question would, and asks nothing; throws what a question would. Any other admin client is made already. */
    public static void connect(Admin admin) {
        Map<?, ?> unused = admin.metrics();
    }

    /** Whether no name of a broker resolves so far. Kafka has no class of its own for it. */
    public static boolean isUnresolved(@Nullable Throwable fault) {
        return fault instanceof ConfigException
                && String.valueOf(fault.getMessage()).startsWith(UNRESOLVED);
    }

    /** Whether no name of a broker resolves so far, or nobody answers there. */
    public static boolean isNotThereYet(@Nullable Throwable fault) {
        return isUnresolved(fault) || fault instanceof DisconnectException;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return own(proxy, method, arguments);
        }
        Admin admin = method.getName().equals("close") ? closing() : admin();
        try {
            return admin == null ? null : method.invoke(admin, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private static Object own(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "an admin client";
        };
    }

    private synchronized @Nullable Admin closing() {
        closed = true;
        return made;
    }

    private synchronized Admin admin() {
        if (closed) {
            throw new IllegalStateException("Cannot send a question when the admin client is closing.");
        }
        Admin admin = made;
        if (admin == null) {
            firstBytes.requireKafka();
            try {
                admin = Admin.create(config);
            } catch (KafkaException failed) {
                throw explained(failed);
            }
            made = admin;
        }
        return admin;
    }

    /** A service that has to be asked for a token may be away; everything else is a setting. */
    private static KafkaException explained(KafkaException failed) {
        for (Throwable at : Causes.chain(failed).toList()) {
            if (isUnresolved(at)) {
                return (ConfigException) at;
            }
            if (at instanceof IOException
                    && !(at instanceof FileNotFoundException || at instanceof FileSystemException)) {
                return failed;
            }
        }
        ConfigException wrong =
                new ConfigException("the settings of Kafka's clients do not hold: " + Causes.of(failed));
        wrong.initCause(failed);
        return wrong;
    }
}

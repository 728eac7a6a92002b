package io.kappamesh.brokers;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.OptionalInt;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks at the first bytes that come back from brokers' ports. Kafka's clients cannot tell a port with TLS from one without. Without TLS
 * they take the first four bytes of anything for the length of an answer and allocate as much (KAFKA-4090): 352 MB for a TLS alert, 1.2 GB
 * for HTTP. With TLS they take a broker that hangs up on a greeting which it does not understand for one that is away. Stateless.
 */
final class TlsProbe {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int HTTP =
            ByteBuffer.wrap("HTTP".getBytes(StandardCharsets.US_ASCII)).getInt();

    /** ApiVersions, version 0, which every broker answers on every listener without TLS, before anybody says who he is. */
    private static final byte[] QUESTION = ByteBuffer.allocate(4 + 14)
            .putInt(14)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(1)
            .putShort((short) 4)
            .put("mesh".getBytes(StandardCharsets.US_ASCII))
            .array();

    private final String servers;
    private final String protocol;

    TlsProbe(Map<String, Object> client) {
        this.servers = String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        this.protocol = String.valueOf(client.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL));
    }

    /**
     * Returns once a broker has answered, in the way in which the client will speak to it, or when no name resolves, which Kafka's own client
     * says.
     *
     * @throws ConfigException when something else answers
     * @throws DisconnectException while nothing does, so that nobody knows yet what will be there
     */
    void requireKafka() {
        boolean resolved = false;
        boolean answered = false;
        for (String server : servers.split(",", -1)) {
            String host = Utils.getHost(server.trim());
            Integer port = Utils.getPort(server.trim());
            if (host != null && port != null) {
                for (InetAddress address : addresses(host)) {
                    resolved = true;
                    answered |= answers(server.trim(), host, new InetSocketAddress(address, port));
                }
            }
        }
        if (resolved && !answered) {
            throw new DisconnectException("nobody answers at " + servers);
        }
    }

    private static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException unresolved) {
            return new InetAddress[0];
        }
    }

    private boolean answers(String server, String host, InetSocketAddress address) {
        boolean wanted = protocol.endsWith("SSL");
        if (wanted && isTls(firstBytes(address, greeting(host, address.getPort())))) {
            return true;
        }
        OptionalInt first = firstBytes(address, QUESTION);
        if (first.isEmpty()) {
            return false;
        }
        if (isTls(first) && !wanted) {
            throw new ConfigException("bootstrap.servers: " + server
                    + " speaks TLS, and security.protocol does not; set SSL or SASL_SSL, or use a port without TLS");
        }
        if (first.getAsInt() == HTTP) {
            throw new ConfigException(
                    "bootstrap.servers: " + server + " speaks HTTP, so that it is no broker; see its port");
        }
        if (!isTls(first) && (first.getAsInt() < 0 || first.getAsInt() > LARGEST_ANSWER)) {
            throw new ConfigException(
                    "bootstrap.servers: " + server + " does not speak Kafka's protocol; see its port");
        }
        if (!isTls(first) && wanted) {
            throw new ConfigException("bootstrap.servers: " + server
                    + " is a broker's port without TLS, and security.protocol is " + protocol
                    + "; set PLAINTEXT or SASL_PLAINTEXT, or use a port with TLS");
        }
        return true;
    }

    private static boolean isTls(OptionalInt first) {
        int type = first.orElse(0) >>> 24;
        return (type == TLS_ALERT || type == TLS_HANDSHAKE) && ((first.orElse(0) >>> 16) & 0xff) == 3;
    }

    /** What comes back; empty = nothing, whether or not somebody listens there. */
    private static OptionalInt firstBytes(InetSocketAddress address, byte[] sent) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(sent);
            return OptionalInt.of(new DataInputStream(socket.getInputStream()).readInt());
        } catch (IOException silent) {
            return OptionalInt.empty();
        }
    }

    /** How a client begins to speak TLS; a name is in it, for whoever tells brokers apart by it. */
    private static byte[] greeting(String host, int port) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null); // nobody gets to be trusted here
            SSLEngine engine = context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            ByteBuffer greeting = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), greeting);
            byte[] bytes = new byte[greeting.flip().remaining()];
            greeting.get(bytes);
            return bytes;
        } catch (GeneralSecurityException | SSLException impossible) {
            throw new IllegalStateException("this Java cannot begin to speak TLS", impossible);
        }
    }
}

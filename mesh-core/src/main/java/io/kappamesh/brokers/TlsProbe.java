package io.kappamesh.brokers;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks, where a client will not use TLS, at the first bytes that come back from a broker's port. Kafka's clients take the first four
 * bytes of anything for the length of an answer and allocate as much: 352 MB for a TLS alert, 1.2 GB for HTTP. Stateless.
 */
final class TlsProbe {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int HTTP =
            ByteBuffer.wrap("HTTP".getBytes(StandardCharsets.US_ASCII)).getInt();

    /** ApiVersions, version 0, which every broker answers on every listener without TLS. */
    private static final byte[] QUESTION = ByteBuffer.allocate(4 + 14)
            .putInt(14)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(1)
            .putShort((short) 4)
            .put("mesh".getBytes(StandardCharsets.US_ASCII))
            .array();

    private final String servers;
    private final boolean usesTls;

    TlsProbe(Map<String, Object> client) {
        this.servers = String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        this.usesTls = String.valueOf(client.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG))
                .endsWith("SSL");
    }

    /**
     * Returns if nothing is known against it, also when a broker is silent: that is waited for elsewhere.
     *
     * @throws ConfigException when something else than a Kafka broker answers
     * @throws DisconnectException while every address refuses connections, so that nobody knows yet what will be there
     */
    void requireKafka() {
        if (usesTls) {
            return;
        }
        boolean refused = false;
        boolean reached = false;
        for (String server : servers.split(",", -1)) {
            String host = Utils.getHost(server.trim());
            Integer port = Utils.getPort(server.trim());
            if (host != null && port != null) {
                for (InetAddress address : addresses(host)) {
                    boolean closed = isClosed(server.trim(), new InetSocketAddress(address, port));
                    refused |= closed;
                    reached |= !closed;
                }
            }
        }
        if (refused && !reached) {
            throw new DisconnectException("nobody listens at " + servers);
        }
    }

    private static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException unresolved) {
            return new InetAddress[0];
        }
    }

    /** Whether connections are refused there. */
    private static boolean isClosed(String server, InetSocketAddress address) {
        int first;
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(QUESTION);
            first = new DataInputStream(socket.getInputStream()).readInt();
        } catch (ConnectException closed) {
            return true;
        } catch (IOException silent) {
            return false;
        }
        int type = first >>> 24;
        boolean tls = (type == TLS_ALERT || type == TLS_HANDSHAKE) && ((first >>> 16) & 0xff) == 3;
        if (tls) {
            throw new ConfigException("bootstrap.servers: " + server
                    + " speaks TLS, and security.protocol does not; set SSL or SASL_SSL, or use a port without TLS");
        }
        if (first == HTTP) {
            throw new ConfigException(
                    "bootstrap.servers: " + server + " speaks HTTP, so that it is no broker; see its port");
        }
        if (first < 0 || first > LARGEST_ANSWER) {
            throw new ConfigException(
                    "bootstrap.servers: " + server + " does not speak Kafka's protocol; see its port");
        }
        return false;
    }
}

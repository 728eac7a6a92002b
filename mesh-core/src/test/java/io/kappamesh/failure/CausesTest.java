package io.kappamesh.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PKIX path building failed: unable to find valid certification path to requested target | ssl.truststore",
                "PKIX path validation failed: NotAfter: Thu Jan 01 | out of date",
                "No subject alternative DNS name matching kafka found. | another host name",
                "Received fatal alert: bad_certificate | ssl.keystore",
                "Unsupported or unrecognized SSL message | no TLS on that port",
                "Received fatal alert: protocol_version | ssl.enabled.protocols",
            })
    void aFaultOfTlsSaysItsCauseAndWhatToDo(String cause, String remedy) {
        Throwable fault = new SslAuthenticationException("SSL handshake failed", new SSLHandshakeException(cause));

        assertThat(Causes.refusal(new RuntimeException(fault)).orElseThrow()).contains(cause, remedy);
    }

    @Test
    void aRefusalNamesWhatIsRefused() {
        assertThat(Causes.refusal(new TopicAuthorizationException("no", Set.of("b", "a")))
                        .orElseThrow())
                .contains("topics [a, b]");
        assertThat(Causes.refusal(GroupAuthorizationException.forGroupId("g")).orElseThrow())
                .contains("group g");
        assertThat(Causes.refusal(new SaslAuthenticationException("wrong")).orElseThrow())
                .contains("credentials", "wrong");
        assertThat(Causes.refusal(new TimeoutException("away"))).isEmpty();
    }

    @Test
    void causesAreToldFromTheOutsideInAndOnce() {
        Throwable root = new IllegalStateException("keystore password was incorrect");
        assertThat(Causes.of(new RuntimeException("Failed to load", new RuntimeException(root))))
                .isEqualTo("Failed to load: keystore password was incorrect");
        RuntimeException one = new RuntimeException();
        assertThat(Causes.of(one)).isEqualTo("RuntimeException");
    }
}

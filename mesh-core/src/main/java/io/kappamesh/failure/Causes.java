package io.kappamesh.failure;

import io.kappamesh.Internal;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Explains the causes of an exception of Kafka's clients, whose own message often names only the outermost one. Stateless. */
@Internal
public final class Causes {
    private static final int DEEPEST = 32;

    private Causes() {}

    /** An exception and what caused it, from the outside in; of a chain without end the first 32. */
    public static Stream<Throwable> chain(@Nullable Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).limit(DEEPEST);
    }

    /** The innermost cause of an exception; the exception itself if nothing caused it. */
    public static Throwable root(Throwable fault) {
        return chain(fault).reduce(fault, (outer, inner) -> inner);
    }

    /** What failed in another thread: the exception inside those that futures wrap around it. */
    public static Throwable unwrapped(Throwable fault) {
        Throwable cause = fault.getCause();
        boolean wrapper = fault instanceof ExecutionException || fault instanceof CompletionException;
        return wrapper && cause != null ? unwrapped(cause) : fault;
    }

    /** The messages of an exception and of what caused it, from the outside in, none of them twice. */
    public static String of(Throwable fault) {
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable at : chain(fault).toList()) {
            String message = at.getMessage();
            String text = message == null || message.isBlank() ? at.getClass().getSimpleName() : message.trim();
            if (messages.stream().noneMatch(before -> before.contains(text))) {
                // A message made of its cause says the same in more words.
                messages.add(at.getCause() != null && text.equals(at.getCause().toString()) ? "" : text);
            }
        }
        messages.remove("");
        return messages.isEmpty() ? fault.getClass().getSimpleName() : String.join(": ", messages);
    }

    /** Why access is refused and what to do, if that is what it is; from the outside in. */
    public static Optional<String> refusal(@Nullable Throwable fault) {
        for (Throwable at : chain(fault).toList()) {
            if (at instanceof SslAuthenticationException tls) {
                return Optional.of(tls(of(tls)));
            }
            if (at instanceof AuthenticationException credentials) {
                return Optional.of("the brokers do not take the credentials (" + of(credentials)
                        + "); check user, password and sasl.mechanism");
            }
            if (at instanceof AuthorizationException refused) {
                return Optional.of(right(refused));
            }
        }
        return Optional.empty();
    }

    private static String right(AuthorizationException refused) {
        if (refused instanceof TopicAuthorizationException topics
                && !topics.unauthorizedTopics().isEmpty()) {
            return "access to topics " + new TreeSet<>(topics.unauthorizedTopics()) + " is refused ("
                    + refused.getMessage() + "); give the principal that right";
        }
        if (refused instanceof GroupAuthorizationException group && group.groupId() != null) {
            return "access to group " + group.groupId() + " is refused; give the principal READ and DESCRIBE on it";
        }
        if (refused instanceof TransactionalIdAuthorizationException) {
            return "access to its transactional ids is refused (" + refused.getMessage()
                    + "); give the principal WRITE on them";
        }
        if (refused instanceof ClusterAuthorizationException) {
            return "a right on the cluster is missing (" + refused.getMessage() + "); give it to the principal";
        }
        return "access is refused (" + of(refused) + "); check credentials and ACLs";
    }

    private static String tls(String why) {
        String lower = why.toLowerCase(Locale.ROOT);
        String remedy;
        if (lower.contains("unable to find valid certification path") || lower.contains("trust anchor")) {
            remedy = "no authority in ssl.truststore.… has signed the broker's certificate; put it there";
        } else if (lower.contains("notafter") || lower.contains("notbefore") || lower.contains("expired")) {
            remedy = "a certificate is out of date, or a clock is wrong; renew it";
        } else if (lower.contains("no subject alternative") || lower.contains("no name matching")) {
            remedy = "the broker's certificate is for another host name; use that name in bootstrap.servers and"
                    + " advertised.listeners, or issue another certificate";
        } else if (lower.contains("unsupported or unrecognized ssl message")) {
            remedy = "there is no TLS on that port; see bootstrap.servers and security.protocol";
        } else if (lower.contains("protocol_version") || lower.contains("no appropriate protocol")) {
            remedy = "brokers and this process have no version of TLS in common; see ssl.enabled.protocols";
        } else if (lower.contains("received fatal alert")) {
            remedy =
                    "the broker ended it: it wants a client certificate that it trusts, or refuses this one; see ssl.keystore.…";
        } else {
            remedy = "check ssl.…";
        }
        return "TLS with the brokers cannot be set up (" + why + "); " + remedy;
    }
}

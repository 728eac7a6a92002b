package io.kappamesh.lifecycle;

import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;

/** Whether this process may write to topics: asked before anybody is paused for it. Stateless. */
final class WriteAccess {
    private WriteAccess() {}

    /** @throws LifecycleException {@link ExitCode#CONFIGURATION} with the topics to which it may not write */
    static void require(Admin admin, Collection<String> topics) throws ExecutionException, InterruptedException {
        List<String> refused = refused(TopicAdmin.access(admin, topics).values());
        if (!refused.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "topics " + refused
                            + ": this command may not write to them, and a promotion has to; give its principal WRITE,"
                            + " or use another one");
        }
    }

    static List<String> refused(Collection<TopicDescription> topics) {
        return TopicAdmin.without(AclOperation.WRITE, topics);
    }
}

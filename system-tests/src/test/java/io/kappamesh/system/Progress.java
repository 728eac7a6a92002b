package io.kappamesh.system;

import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.DomainStatus;
import io.kappamesh.console.demo.LocalPlatform;
import java.time.Duration;
import java.util.List;

/** How far the present process of a domain has come with a product. */
final class Progress {
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final LocalPlatform platform;
    private final String domain;
    private final String product;

    Progress(LocalPlatform platform, String domain, String product) {
        this.platform = platform;
        this.domain = domain;
        this.product = product;
    }

    /** Waits until so many records came in since the process started, committed or not. */
    void awaitRecordsIn(long records) {
        DomainStatus status = new DomainStatus(List.of(platform.httpPort(domain)));
        await().alias(records + " records into " + product)
                .atMost(TestPlatform.TIMEOUT)
                .pollInterval(GLANCE)
                .until(() -> status.products().containsKey(product)
                        && status.products().get(product).recordsIn() >= records);
    }
}

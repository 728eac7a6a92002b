package io.kappamesh.testkit;

import static io.kappamesh.testkit.Facts.fact;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(180)
@ExtendWith(LocalMesh.class)
class SharedMeshIT {

    @Test
    void theSharedMeshIsAParameter(LocalMesh mesh) {
        Facts shop = new Facts("parameter");
        mesh.provision(shop.product());

        mesh.write(shop.raw, "a", fact("one"));

        assertThat(mesh.table(shop.raw)).containsOnlyKeys("a");
    }
}

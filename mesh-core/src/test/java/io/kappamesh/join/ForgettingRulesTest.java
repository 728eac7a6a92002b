package io.kappamesh.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What is too old, and what of it has to be kept all the same. Facts and versions are texts. */
class ForgettingRulesTest {
    private static final Duration LATENESS = Duration.ofMillis(100);
    private static final int BATCH = 64;

    private final KeyValueStore<Bytes, byte[]> store = inMemory();
    private final Timelines<String, String> timelines =
            new Timelines<>("test", store, Serdes.String(), Serdes.String());
    private final Forgetting<String, String> ofFacts = forgetting(Optional.of(LATENESS), Optional.of(LATENESS));
    private final Forgetting<String, String> ofVersions = forgetting(Optional.of(LATENESS), Optional.of(LATENESS));

    @Test
    void factsThatNoVersionCanChangeAreForgotten() {
        version("other", 1_000);
        for (int at = 850; at < 850 + BATCH; at++) {
            fact("k", at);
        }

        assertThat(timelines.fact("k", "at 899")).isNull();
        assertThat(timelines.fact("k", "at 900")).isNotNull();
        assertThat(ofFacts.mayHaveForgottenFacts()).isTrue();
    }

    @Test
    void withoutALatenessOfVersionsEveryFactIsKept() {
        Forgetting<String, String> forgetting = forgetting(Optional.of(LATENESS), Optional.empty());
        version("other", 1_000_000);
        for (int at = 0; at < 10 * BATCH; at++) {
            timelines.put("k", "at " + at, null, new Timelines.Fact<>(at, "fact"));
            forgetting.keptFact("k", "at " + at, new Timelines.Fact<>(at, "fact"));
        }

        assertThat(timelines.fact("k", "at 0")).isNotNull();
        assertThat(forgetting.mayHaveForgottenFacts()).isFalse();
    }

    @Test
    void nothingOfAKeyIsForgottenWhileItHasFactsToBeTold() {
        timelines.keep("k", 10, Timelines.between(10, 2_000));
        for (int at = 0; at < BATCH; at++) {
            fact("k", at);
            version("k", at);
        }
        fact("other", 5_000);
        version("other", 5_000);
        for (int at = 5_000; at < 5_000 + BATCH; at++) {
            fact("other", at);
            version("other", at);
        }

        assertThat(timelines.fact("k", "at 0")).isNotNull();
        assertThat(timelines.versionAt("k", 0)).isEqualTo("from 0");

        timelines.finish("k", 10);
        for (int at = 6_000; at < 6_000 + 2 * BATCH; at++) {
            fact("other", at);
            version("other", at);
        }

        assertThat(timelines.fact("k", "at 0")).isNull();
        assertThat(timelines.versionAt("k", 0)).isNull();
        assertThat(timelines.versionAt("k", 1_000)).isEqualTo("from " + (BATCH - 1));
    }

    @Test
    void aFactThatMovedIsKeptAtItsNewPlace() {
        fact("k", 10);
        Timelines.Fact<String> moved = new Timelines.Fact<>(2_000, "moved");
        timelines.put("k", "at 10", timelines.fact("k", "at 10"), moved);
        ofFacts.keptFact("k", "at 10", moved);
        version("k", 2_000);
        for (int at = 1_990; at < 1_990 + BATCH; at++) {
            fact("other", at);
        }

        assertThat(timelines.fact("k", "at 10")).isEqualTo(moved);
    }

    @Test
    void theVersionOfATimeIsInDoubtWhereVersionsWereForgotten() {
        for (int at = 0; at < 4 * BATCH; at += 2) {
            fact("k", at);
            version("k", at);
        }

        assertThat(ofFacts.mayHaveForgottenVersionsAt(0)).isTrue();
        assertThat(ofFacts.mayHaveForgottenVersionsAt(4 * BATCH)).isFalse();
        assertThat(timelines.versionAt("k", 0)).isNull();
    }

    private void fact(String key, long at) {
        Timelines.Fact<String> fact = new Timelines.Fact<>(at, "fact");
        timelines.put(key, "at " + at, timelines.fact(key, "at " + at), fact);
        ofFacts.keptFact(key, "at " + at, fact);
    }

    private void version(String key, long from) {
        timelines.put(key, from, "from " + from);
        ofVersions.keptVersion(key, from);
    }

    private Forgetting<String, String> forgetting(Optional<Duration> ofFacts, Optional<Duration> ofVersions) {
        return new Forgetting<>(timelines, store, ofFacts, ofVersions);
    }

    private static KeyValueStore<Bytes, byte[]> inMemory() {
        return Stores.inMemoryKeyValueStore("test").get();
    }
}

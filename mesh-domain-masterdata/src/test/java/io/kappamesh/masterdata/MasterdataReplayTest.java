package io.kappamesh.masterdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kappamesh.contract.SourcePort;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Replays of histories with corrected, deleted, repeated and bad rows end where live ended. */
class MasterdataReplayTest {
    private static final int RECORDS = 80;
    private static final int KEYS = 12;

    @Test
    void customersEndAsTheyDidLive() {
        ReplayProof.of(MasterdataProducts.customers())
                .inputs(random -> rows(
                        random,
                        MasterdataPorts.CUSTOMER_ROWS,
                        (id, some) -> Rows.customer(id, name(some), some == 0 ? "" : "6")))
                .holds();
    }

    @Test
    void suppliersEndAsTheyDidLive() {
        ReplayProof.of(MasterdataProducts.suppliers())
                .inputs(random -> rows(
                        random,
                        MasterdataPorts.SUPPLIER_ROWS,
                        (id, some) -> Rows.supplier(id, name(some), some == 0 ? "" : "6")))
                .holds();
    }

    @Test
    void partsEndAsTheyDidLive() {
        ReplayProof.of(MasterdataProducts.parts())
                .inputs(random -> rows(
                        random, MasterdataPorts.PART_ROWS, (id, some) -> Rows.part(id, name(some), some, some + ".50")))
                .holds();
    }

    @Test
    void nationsEndAsTheyDidLive() {
        ReplayProof.of(MasterdataProducts.nations())
                .inputs(random -> rows(
                        random,
                        MasterdataPorts.NATION_ROWS,
                        (id, some) -> Rows.nation(id, name(some), some == 0 ? "" : "EUROPE")))
                .holds();
    }

    private static String name(int some) {
        return some == 1 ? "" : "name " + some;
    }

    /** Each key comes several times, one time in five as a deletion. Of the rows some are refused. */
    private static <V extends SpecificRecord> History rows(
            RandomGenerator random, SourcePort<V> port, BiFunction<String, Integer, V> row) {
        History history = History.empty();
        for (int i = 0; i < RECORDS; i++) {
            String id = "k-" + random.nextInt(KEYS);
            switch (random.nextInt(15)) {
                case 0, 1, 2 -> history.delete(port, id, Rows.CHANGED_AT);
                case 3 -> history.raw(port, id.getBytes(UTF_8), "garbage".getBytes(UTF_8), Rows.CHANGED_AT);
                default -> history.put(port, id, row.apply(id, random.nextInt(8)));
            }
        }
        return history;
    }
}

package io.kappamesh.masterdata;

import static io.kappamesh.masterdata.Rows.customer;
import static io.kappamesh.masterdata.Rows.nation;
import static io.kappamesh.masterdata.Rows.part;
import static io.kappamesh.masterdata.Rows.supplier;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowStepsTest {
    @Test
    void rowsWithIdNameAndRegionAreGood() {
        assertThat(RowSteps.objection(customer("1", "Customer#1", "6"))).isEmpty();
        assertThat(RowSteps.objection(supplier("1", "Supplier#1", "6"))).isEmpty();
        assertThat(RowSteps.objection(part("1", "almond", 1, "0.00"))).isEmpty();
        assertThat(RowSteps.objection(nation("0", "ALGERIA", "AFRICA"))).isEmpty();
    }

    @Test
    void rowsWithoutIdOrNameAreRefused() {
        assertThat(RowSteps.objection(customer(" ", "Customer#1", "6"))).contains("the customer has no id");
        assertThat(RowSteps.objection(supplier("1", " ", "6"))).contains("the supplier has no name");
        assertThat(RowSteps.objection(part("", "almond", 1, "0.00"))).contains("the part has no id");
        assertThat(RowSteps.objection(nation("0", "", "AFRICA"))).contains("the nation has no name");
    }

    @Test
    void partsOfNoSizeAndNationsOfNoRegionAreRefused() {
        assertThat(RowSteps.objection(part("1", "almond", 0, "0.00"))).contains("the part's size is below 1");
        assertThat(RowSteps.objection(nation("0", "ALGERIA", " "))).contains("the nation is in no region");
    }
}

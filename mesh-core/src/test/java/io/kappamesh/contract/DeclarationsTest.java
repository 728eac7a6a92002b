package io.kappamesh.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.fixture.Products;
import io.kappamesh.level.ServiceLevels;
import io.kappamesh.rule.QualityRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DeclarationsTest {

    @Test
    void aPortSaysAllThatIsPromised() {
        OutputPort<Purchase> port = output("sales.orders.v1")
                .partitions(7)
                .maxRecordBytes(1000)
                .freshWithin(Duration.ofSeconds(3))
                .keptFor(Duration.ofDays(9))
                .lookingBack(Duration.ofDays(1))
                .promises(
                        "has-lines",
                        "an order has lines",
                        purchase -> !purchase.getLines().isEmpty())
                .build();

        PortContract<Purchase> contract = port.contract();
        assertThat(port.address()).isEqualTo(PortAddress.of("sales.orders.v1"));
        assertThat(contract.kind()).isEqualTo(PortKind.TABLE);
        assertThat(contract.schema()).isEqualTo(Purchase.getClassSchema());
        assertThat(contract.eventTime().field()).contains("placedAt");
        assertThat(contract.partitions()).isEqualTo(7);
        assertThat(contract.maxRecordBytes()).isEqualTo(1000);
        assertThat(contract.levels())
                .isEqualTo(new ServiceLevels(
                        Duration.ofSeconds(3),
                        Optional.of(Duration.ofDays(9)),
                        Optional.of(Duration.ofDays(1)),
                        List.of()));
        assertThat(contract.rules()).extracting(QualityRule::name).containsExactly("has-lines");
    }

    @Test
    void whatIsNotSaidHasADefault() {
        PortContract<Purchase> contract = output("sales.orders.v1").build().contract();

        assertThat(contract.partitions()).isEqualTo(4);
        assertThat(contract.maxRecordBytes()).isEqualTo(RecordContract.DEFAULT_MAX_BYTES);
        assertThat(contract.levels())
                .isEqualTo(new ServiceLevels(Duration.ofSeconds(10), Optional.empty(), Optional.empty(), List.of()));
    }

    @Test
    void allProblemsOfAPortAreToldAtOnce() {
        List<String> problems = problems(() -> OutputPort.table("Sales.orders", GenericRecord.class)
                .promises("one", "first", order -> true)
                .promises("one", "second", order -> true)
                .build()
                .contract());

        assertThat(problems)
                .hasSize(4)
                .anyMatch(problem -> problem.contains("port address 'Sales.orders'"))
                .anyMatch(problem -> problem.contains("generic records need their schema"))
                .anyMatch(problem -> problem.contains("event time is missing"))
                .anyMatch(problem -> problem.contains("two quality rules have one name"));
    }

    @Test
    void allValuesOfAPortAreJudgedAtOnce() {
        List<String> problems = problems(() -> output("sales.orders.v1")
                .partitions(0)
                .maxRecordBytes(0)
                .describedAs(" ")
                .build()
                .contract());

        assertThat(problems)
                .containsExactly(
                        "port sales.orders.v1: partitions must be at least 1 but was 0; set partitions(…)",
                        "port sales.orders.v1: the largest record must be at least 1 byte but was 0; set maxRecordBytes(…)",
                        "port sales.orders.v1: a description is missing; say in describedAs(…) what the port contains");
    }

    @Test
    void aKeyThatTheSchemaDoesNotHaveIsToldWithTheOtherProblems() {
        assertThat(problems(() -> output("sales.orders.v1")
                        .key("nowhere")
                        .partitions(0)
                        .build()
                        .contract()))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("key field 'nowhere' does not exist"))
                .anyMatch(problem -> problem.contains("partitions must be at least 1"));
    }

    @Test
    void whoReadsAnOwnedPortReadsItByItsKeyRule() {
        OutputPort<Purchase> port = output("sales.orders.v1").key("customer").build();

        assertThat(port.asInput().key()).isEqualTo(port.contract().key());
        assertThat(port.contract().key()).get().extracting(KeyRule::description).isEqualTo("customer");
    }

    @Test
    void aPortTakesNothingThatBrokersWouldNotTakeAtOnce() {
        assertThat(output("sales.orders.v1")
                        .maxRecordBytes(64 << 20)
                        .build()
                        .contract()
                        .maxRecordBytes())
                .isEqualTo(64 << 20);
        assertThat(problems(() -> output("sales.orders.v1")
                        .maxRecordBytes((64 << 20) + 1)
                        .build()
                        .contract()))
                .singleElement()
                .asString()
                .contains("at most 67108864 bytes but was 67108865");
    }

    @Test
    void aRuleWithoutAProperNameAndSentenceIsRefused() {
        assertThat(problems(() -> new QualityRule<>("Has Lines", "", purchase -> true)))
                .hasSize(2);
    }

    @Test
    void serviceLevelsArePositive() {
        assertThat(problems(() -> new ServiceLevels(
                        Duration.ZERO, Optional.of(Duration.ofDays(-1)), Optional.of(Duration.ofDays(-1)), List.of())))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("how far back is looked must not be negative but was PT-24H"))
                .anyMatch(problem -> problem.contains("freshness must be positive but was PT0S"))
                .anyMatch(problem -> problem.contains("retention must be positive but was PT-24H"));
    }

    @Test
    void anOwnedPortIsReadAsItIs() {
        SourcePort<Purchase> source = SourcePort.table("sales.raw.v1", Purchase.class)
                .eventTime("placedAt")
                .describedAs("Raw.")
                .maxRecordBytes(77)
                .promises("any", "anything", purchase -> true)
                .build();

        InputPort<Purchase> input = source.asInput();

        assertThat(input.address()).isEqualTo(source.address());
        assertThat(input.kind()).isEqualTo(PortKind.TABLE);
        assertThat(input.maxRecordBytes()).isEqualTo(77);
        assertThat(input.rules()).isEqualTo(source.contract().rules());
        assertThat(input.lateness()).isEmpty();
        assertThat(input.source()).contains(source);
        assertThat(output("sales.orders.v1").build().asInput().source()).isEmpty();
    }

    @Test
    void aReaderMayDemandMoreThanTheOwnerPromises() {
        InputPort<Purchase> input = InputPort.events("sales.orders.v1", Purchase.class)
                .eventTime("placedAt")
                .key("customer")
                .maxRecordBytes(99)
                .demands(
                        "has-customer",
                        "a customer is named",
                        purchase -> !purchase.getCustomer().isBlank())
                .build();

        assertThat(input.rules()).extracting(QualityRule::name).containsExactly("has-customer");
        assertThat(input.key()).get().extracting(KeyRule::description).isEqualTo("customer");
        assertThat(input.maxRecordBytes()).isEqualTo(99);
        assertThat(input.kind()).isEqualTo(PortKind.EVENTS);
        assertThat(input.isCorrectable()).isTrue();
        assertThat(input.asInput()).isSameAs(input);
    }

    @Test
    void allProblemsOfAnInputAreToldAtOnce() {
        assertThat(problems(() -> InputPort.table("orders", GenericRecord.class)
                        .demands("Has Customer", "", order -> true)
                        .build()
                        .address()))
                .hasSize(5)
                .anyMatch(problem -> problem.contains("port address 'orders'"))
                .anyMatch(problem -> problem.contains("is no generated Avro class"))
                .anyMatch(problem -> problem.contains("event time is missing"))
                .anyMatch(problem -> problem.contains("say in a sentence what holds"));
        assertThat(problems(() -> InputPort.table("sales.orders.v1", Purchase.class)
                        .eventTime("nowhere")
                        .key("nobody")
                        .build()
                        .kind()))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("event time field 'nowhere' does not exist"))
                .anyMatch(problem -> problem.contains("key field 'nobody' does not exist"));
    }

    @Test
    void aGenericRecordIsReadWithTheSchemaThatIsGiven() {
        InputPort<GenericRecord> input = InputPort.table("sales.orders.v1", GenericRecord.class)
                .schema(Purchase.getClassSchema())
                .eventTime("placedAt")
                .build();

        assertThat(input.reader()).isEqualTo(Purchase.getClassSchema());
    }

    @Test
    void theRowsOfATableMayHaveNoEventTimeAndThenNothingIsCountedInIt() {
        OutputPort<Purchase> totals = OutputPort.table("sales.totals.v1", Purchase.class)
                .withoutEventTime()
                .describedAs("Totals.")
                .build();

        assertThat(totals.contract().eventTime().field()).isEmpty();
        assertThat(problems(() -> OutputPort.events("sales.totals.v1", Purchase.class)
                        .withoutEventTime()
                        .keptFor(Duration.ofDays(1))
                        .lookingBack(Duration.ZERO)
                        .describedAs("Totals.")
                        .build()
                        .contract()))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("events have an event time, withoutEventTime() is for tables"))
                .anyMatch(problem -> problem.contains("keptFor(…) is counted in event time"))
                .anyMatch(problem -> problem.contains("lookingBack(…) is counted from event time"));
        assertThat(problems(() -> InputPort.events("mall.facts.v1", Purchase.class)
                        .withoutEventTime()
                        .build()
                        .address()))
                .singleElement()
                .asString()
                .contains("events have an event time");
    }

    @Test
    void onlyTheFactsOfAnEventSourceAreFinal() {
        EventSource<Purchase> events = SourcePort.events("sales.raw.v1", Purchase.class)
                .eventTime("placedAt")
                .describedAs("Raw.")
                .build();
        SourcePort<Purchase> retractable = SourcePort.retractableEvents("sales.raw.v1", Purchase.class)
                .eventTime("placedAt")
                .describedAs("Raw.")
                .build();

        assertThat(events.asInput().isCorrectable()).isFalse();
        assertThat(retractable.asInput().isCorrectable()).isTrue();
        assertThat(retractable.asInput().kind()).isEqualTo(PortKind.EVENTS);
        assertThat(output("sales.orders.v1").build().asInput().isCorrectable()).isTrue();
        assertThat(events).isNotEqualTo(retractable);
    }

    @Test
    void latenessIsPartOfHowASourceIsRead() {
        EventSource<Purchase> source = SourcePort.events("sales.raw.v1", Purchase.class)
                .eventTime("placedAt")
                .describedAs("Raw.")
                .build();

        EventSource<Purchase> punctual = source.allowingLateness(Duration.ofHours(1));

        assertThat(punctual.asInput().lateness()).contains(Duration.ofHours(1));
        assertThat(source.asInput().lateness()).isEmpty();
        assertThat(punctual.contract()).isEqualTo(source.contract());
        assertThat(punctual.asInput()).isNotEqualTo(source.asInput());
        assertThat(punctual.asInput())
                .isEqualTo(source.allowingLateness(Duration.ofHours(1)).asInput());
        assertThat(problems(() -> source.allowingLateness(Duration.ofMillis(-1)).asInput()))
                .containsExactly("source port sales.raw.v1: allowed lateness must not be negative but was PT-0.001S");
    }

    @Test
    void whatIsWrongWithAllPortsOfAProductIsToldWhenTheProductIsDeclared() {
        OutputPort<Purchase> output = OutputPort.table("sales.orders.v1", Purchase.class)
                .describedAs("Orders.")
                .build();
        SourcePort<Parcel> source = SourcePort.table("sales.raw.v1", Parcel.class)
                .eventTime("dispatched")
                .key("nobody")
                .freshWithin(Duration.ZERO)
                .describedAs("Raw.")
                .build();
        InputPort<Purchase> input =
                InputPort.table("mall.orders.v1", Purchase.class).build();

        DeclarationException told = catchThrowableOfType(
                DeclarationException.class,
                () -> product("sales.orders")
                        .reads(source)
                        .reads(input)
                        .publishes(output)
                        .build());

        assertThat(told.problems())
                .hasSize(4)
                .anyMatch(problem ->
                        problem.startsWith("port sales.orders.v1: which field carries event time is missing"))
                .anyMatch(problem -> problem.contains("freshness must be positive"))
                .anyMatch(problem -> problem.contains("key field 'nobody' does not exist"))
                .anyMatch(problem ->
                        problem.startsWith("input port mall.orders.v1: which field carries event time is missing"));
    }

    /** Whose port is a static field, as ports are. */
    private static final class Shelf {
        static final OutputPort<Purchase> PORT =
                OutputPort.table("sales.orders.v1", Purchase.class).build();

        static DataProduct product() {
            return DeclarationsTest.product("sales.orders")
                    .reads(source("sales.raw.v1"))
                    .publishes(PORT)
                    .build();
        }
    }

    @Test
    void aWrongPortInAStaticFieldDoesNotHideBehindAnErrorOfItsClass() {
        for (int test = 1; test <= 2; test++) {
            assertThatThrownBy(Shelf::product)
                    .isInstanceOf(DeclarationException.class)
                    .hasMessageContaining("port sales.orders.v1: which field carries event time is missing");
        }
    }

    @Test
    void whatIsWrongWithAPortSaysWhereThePortWasDeclared() {
        OutputPort<Purchase> output =
                OutputPort.table("sales.orders.v1", Purchase.class).build();

        assertThatThrownBy(output::address)
                .isInstanceOf(DeclarationException.class)
                .cause()
                .satisfies(cause -> assertThat(cause.getStackTrace())
                        .anyMatch(frame ->
                                frame.getMethodName().equals("whatIsWrongWithAPortSaysWhereThePortWasDeclared")));
        assertThat(output).hasToString("invalid output port");
    }

    @Test
    void aProductOwnsItsPrivateSourcesAndItsOutputs() {
        SourcePort<Parcel> source = source("logistics.raw.v1");
        OutputPort<Parcel> output = parcels("logistics.parcels.v1");
        DataProduct product = product("logistics.parcels")
                .reads(source)
                .reads(InputPort.table("sales.orders.v1", Purchase.class)
                        .eventTime("placedAt")
                        .build())
                .publishes(output)
                .build();

        assertThat(product.ownedPorts()).containsExactly(source, output);
        assertThat(product.inputs()).hasSize(2);
    }

    @Test
    void allProblemsOfAProductAreToldAtOnce() {
        List<String> problems = problems(() -> new DataProduct(
                ProductName.of("sales.orders"), new Owner("sales", "mail"), "", List.of(), List.of(), List.of()));

        assertThat(problems)
                .hasSize(3)
                .allMatch(problem -> problem.startsWith("product sales.orders: "))
                .anyMatch(problem -> problem.contains("a description is missing"))
                .anyMatch(problem -> problem.contains("it reads nothing"))
                .anyMatch(problem -> problem.contains("it publishes nothing"));
    }

    @Test
    void anExemptionNamesItsRuleItsPlaceAndItsReason() {
        assertThat(problems(() -> product("sales.orders").exempts("clock", " ", "")))
                .containsExactly(
                        "exemption from 'clock' at ' ': the place is missing; give the processor, the store or the Class.method"
                                + " that the finding names",
                        "exemption from 'clock' at ' ': the reason is missing; say why a replay gives the same result"
                                + " nevertheless");
    }

    @Test
    void anOutputOutsideTheProductsDomainIsRefusedWithItsRightName() {
        assertThat(problems(() -> product("sales.parcels")
                        .reads(source("sales.raw.v1").asInput())
                        .publishes(parcels("logistics.parcels.v1"))
                        .build()))
                .singleElement()
                .asString()
                .contains("publishes logistics.parcels.v1", "call it sales.parcels");
    }

    @Test
    void thePrivateSourceOfAnotherDomainIsNotForReading() {
        assertThat(problems(() -> product("sales.parcels")
                        .reads(source("logistics.raw.v1").asInput())
                        .publishes(parcels("sales.parcels.v1"))
                        .build()))
                .singleElement()
                .asString()
                .contains("reads the private source logistics.raw.v1 of another domain");
    }

    @Test
    void onePortIsDeclaredOnce() {
        OutputPort<Parcel> output = parcels("logistics.parcels.v1");
        InputPort<Parcel> input = source("logistics.raw.v1").asInput();

        assertThat(problems(() -> product("logistics.parcels")
                        .reads(input)
                        .reads(input)
                        .reads(output)
                        .publishes(output)
                        .publishes(output)
                        .build()))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("publishes logistics.parcels.v1 twice"))
                .anyMatch(problem -> problem.contains("reads logistics.raw.v1 twice"))
                .anyMatch(problem -> problem.contains("reads logistics.parcels.v1 twice, or reads what it publishes"));
    }

    @Test
    void somebodyAnswersForAProduct() {
        assertThatThrownBy(() -> DataProduct.named("sales.orders").build())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("it has no owner; name the team and its contact in ownedBy(…)");
        assertThat(problems(() -> new Owner(" ", ""))).hasSize(2);
    }

    private static List<String> problems(ThrowingCallable declaration) {
        return catchThrowableOfType(DeclarationException.class, declaration).problems();
    }

    private static DataProduct.Builder product(String name) {
        return DataProduct.named(name).ownedBy("team", "team@example.org").describedAs("A product.");
    }

    private static SourcePort<Parcel> source(String address) {
        return described(SourcePort.events(address, Parcel.class)).build();
    }

    private static OutputPort<Parcel> parcels(String address) {
        return described(OutputPort.table(address, Parcel.class)).build();
    }

    private static <V extends IndexedRecord, P extends OwnedPort<V>> PortBuilder<V, P> described(
            PortBuilder<V, P> port) {
        return port.eventTime("dispatched").describedAs("Parcels.");
    }

    private static PortBuilder<Purchase, OutputPort<Purchase>> output(String address) {
        return OutputPort.table(address, Purchase.class).eventTime("placedAt").describedAs("Orders.");
    }

    @Test
    void onlyATableIsQueryable() {
        OutputPort<GenericRecord> table = Products.table("sales.orders.v1").build();

        assertThat(table.isQueryable()).isFalse();
        assertThat(table.queryable().isQueryable()).isTrue();
        assertThat(table.queryable().contract()).isEqualTo(table.contract());
        assertThat(catchThrowableOfType(
                                DeclarationException.class,
                                () -> Products.events("sales.sales.v1")
                                        .build()
                                        .queryable()
                                        .contract())
                        .problems())
                .singleElement()
                .asString()
                .contains("port sales.sales.v1: only a table can be queried by key");
    }
}

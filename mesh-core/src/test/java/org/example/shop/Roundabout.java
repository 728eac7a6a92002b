package org.example.shop;

import static org.example.shop.Shop.EVENTS;
import static org.example.shop.Shop.publish;
import static org.example.shop.Shop.through;

import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.ProductTopology;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** The ways from a wiring to code that asks a clock. */
@SuppressWarnings({"JavaTimeDefaultTimeZone", "TimeInStaticInitializer", "UnnecessaryLambda"})
public final class Roundabout {
    public static final int LINE_OF_TODAY = 39;

    private Roundabout() {}

    static final class Deep {
        private Deep() {}

        static Basket note(Basket basket) {
            return noted(basket, today());
        }

        private static String today() {
            return LocalDate.now().toString();
        }
    }

    public static void byAMethodReference(Ports ports) {
        through(ports, Deep::note);
    }

    public static void byAStaticMethod(Ports ports) {
        through(ports, basket -> Deep.note(basket));
    }

    public static void inALambdaOfALambda(Ports ports) {
        Function<Basket, UnaryOperator<String>> notes = basket -> note -> basket.getNote() + note + Instant.now();
        through(ports, basket -> noted(basket, notes.apply(basket).apply("")));
    }

    static final class Stamping extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            context()
                    .forward(
                            record.withValue(noted(record.value(), Instant.now().toString())));
        }
    }

    public static void byAProcessor(Ports ports) {
        processed(ports, new FixedKeyProcessorSupplier<>() {
            @Override
            public FixedKeyProcessor<String, Basket, Basket> get() {
                return new Stamping();
            }
        });
    }

    interface Stamper {
        String stamp();
    }

    abstract static class Stamped implements Stamper {
        @Override
        public String stamp() {
            return Instant.now().toString();
        }
    }

    static final class Stamp extends Stamped {}

    public static void byAnInheritedMethod(Ports ports) {
        through(ports, basket -> noted(basket, new Stamp().stamp()));
    }

    public static void byAnInterface(Ports ports) {
        Stamper stamper = new Stamp();
        through(ports, basket -> noted(basket, stamper.stamp()));
    }

    static final class Started {
        static final Instant START = Instant.now();

        private Started() {}
    }

    public static void byAStaticInitializer(Ports ports) {
        through(ports, basket -> noted(basket, Started.START.toString()));
    }

    static final class Functions {
        static final UnaryOperator<Basket> STAMPED =
                basket -> noted(basket, Instant.now().toString());

        private Functions() {}
    }

    public static void byAFunctionInAField(Ports ports) {
        through(ports, Functions.STAMPED);
    }

    /** A wiring that is a class. */
    public static final class Wired implements ProductTopology {
        @Override
        public void wire(Ports ports) {
            through(ports, basket -> noted(basket, Instant.now().toString()));
        }
    }

    /** A wiring that is given something that was made before. */
    public static final class Given implements ProductTopology {
        private final Stamper stamper;

        private Given(Stamper stamper) {
            this.stamper = stamper;
        }

        @Override
        public void wire(Ports ports) {
            through(ports, basket -> noted(basket, stamper.stamp()));
        }
    }

    public static ProductTopology byWhatItWasGiven() {
        return new Given(new Stamp());
    }

    public static ProductTopology byWhatItCaptured() {
        Stamper stamper = new Stamp();
        return ports -> through(ports, basket -> noted(basket, stamper.stamp()));
    }

    static final class Dice extends Random {
        private static final long serialVersionUID = 1L;

        int roll() {
            return nextInt(6);
        }
    }

    public static void byASubclassOfALibraryClass(Ports ports) {
        through(ports, basket -> noted(basket, "" + new Dice().roll()));
    }

    static final class ByTheWallClock extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        @Override
        public void init(FixedKeyProcessorContext<String, Basket> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, now -> {});
        }

        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            context().forward(record);
        }
    }

    static final class ByStreamTime extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        @Override
        public void init(FixedKeyProcessorContext<String, Basket> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), PunctuationType.STREAM_TIME, now -> {});
        }

        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            context().forward(record);
        }
    }

    static final class ByEither extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        private final PunctuationType type;

        ByEither(PunctuationType type) {
            this.type = type;
        }

        @Override
        public void init(FixedKeyProcessorContext<String, Basket> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), type, now -> {});
        }

        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            context().forward(record);
        }
    }

    public static void punctuatesByTheWallClock(Ports ports) {
        processed(ports, ByTheWallClock::new);
    }

    public static void punctuatesByStreamTime(Ports ports) {
        processed(ports, ByStreamTime::new);
    }

    public static void punctuatesByEither(Ports ports) {
        processed(ports, () -> new ByEither(PunctuationType.STREAM_TIME));
    }

    static final class Asking extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            context()
                    .forward(record.withValue(
                            noted(record.value(), "" + context().currentStreamTimeMs())));
        }
    }

    public static void byAskingStreamTime(Ports ports) {
        processed(ports, Asking::new);
    }

    public static ProductTopology asALambda() {
        return ports -> through(ports, basket -> noted(basket, Instant.now().toString()));
    }

    public static ProductTopology asAnotherLambda() {
        return ports -> through(ports, basket -> noted(basket, "none"));
    }

    public static void twice(Ports ports) {
        through(ports, basket -> noted(basket, Instant.now().toString() + System.nanoTime()));
    }

    private static void processed(Ports ports, FixedKeyProcessorSupplier<String, Basket, Basket> supplier) {
        publish(ports, ports.read(EVENTS).stream().processValues(supplier, Named.as("processed")));
    }

    private static Basket noted(Basket basket, String note) {
        return new Basket(basket.getAt(), note, basket.getItems());
    }
}

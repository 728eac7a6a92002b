package org.example.shop;

import static org.example.shop.Shop.through;

import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.topology.Ports;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/** One wiring for each thing that a step must not do. They are wired and never run. */
@SuppressWarnings({
    "JavaTimeDefaultTimeZone",
    "JavaUtilDate",
    "DefaultCharset",
    "unused",
    "StaticAssignmentInConstructor"
})
public final class BrokenSteps {
    private static final AtomicLong COUNT = new AtomicLong();
    private static long last;

    private BrokenSteps() {}

    public static void instant(Ports ports) {
        through(ports, basket -> with(basket, Instant.now()));
    }

    public static void localDate(Ports ports) {
        through(ports, basket -> with(basket, LocalDate.now()));
    }

    public static void localDateTime(Ports ports) {
        through(ports, basket -> with(basket, LocalDateTime.now(Clock.systemUTC())));
    }

    public static void zonedDateTime(Ports ports) {
        through(ports, basket -> with(basket, ZonedDateTime.now()));
    }

    public static void offsetDateTime(Ports ports) {
        through(ports, basket -> with(basket, OffsetDateTime.now()));
    }

    public static void year(Ports ports) {
        through(ports, basket -> with(basket, Year.now()));
    }

    public static void clock(Ports ports) {
        Clock clock = Clock.systemUTC();
        through(ports, basket -> with(basket, "" + clock));
    }

    public static void millis(Ports ports) {
        through(ports, basket -> with(basket, System.currentTimeMillis()));
    }

    public static void nanos(Ports ports) {
        through(ports, basket -> with(basket, System.nanoTime()));
    }

    public static void date(Ports ports) {
        through(ports, basket -> with(basket, new Date()));
    }

    public static void calendar(Ports ports) {
        through(ports, basket -> with(basket, Calendar.getInstance()));
    }

    public static void timeAsAFunction(Ports ports) {
        through(ports, basket -> with(basket, Stream.generate(Instant::now).findFirst()));
    }

    public static void unseeded(Ports ports) {
        through(ports, basket -> with(basket, new Random().nextInt()));
    }

    public static void seeded(Ports ports) {
        through(ports, basket -> with(basket, new Random(7).nextInt()));
    }

    public static void threadLocal(Ports ports) {
        through(ports, basket -> with(basket, ThreadLocalRandom.current().nextInt()));
    }

    public static void splittable(Ports ports) {
        through(ports, basket -> with(basket, new SplittableRandom(7).nextInt()));
    }

    public static void uuid(Ports ports) {
        through(ports, basket -> with(basket, UUID.randomUUID()));
    }

    public static void mathRandom(Ports ports) {
        through(ports, basket -> with(basket, Math.random()));
    }

    public static void generator(Ports ports) {
        through(ports, basket -> with(basket, RandomGenerator.getDefault().nextInt()));
    }

    public static void shuffled(Ports ports) {
        through(ports, basket -> {
            List<Object> items = new ArrayList<>(basket.getItems());
            Collections.shuffle(items);
            return with(basket, items);
        });
    }

    public static void file(Ports ports) {
        through(ports, basket -> {
            try (FileInputStream in = new FileInputStream(basket.getNote())) {
                return with(basket, in.read());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    public static void fileExists(Ports ports) {
        through(ports, basket -> with(basket, new File(basket.getNote()).exists()));
    }

    public static void path(Ports ports) {
        through(ports, basket -> with(basket, Files.exists(Path.of(basket.getNote()))));
    }

    public static void network(Ports ports) {
        through(ports, basket -> {
            try {
                return with(basket, InetAddress.getByName(basket.getNote()));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    public static void database(Ports ports) {
        through(ports, basket -> {
            try {
                return with(basket, DriverManager.getConnection(basket.getNote()));
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    public static void process(Ports ports) {
        through(ports, basket -> {
            try {
                return with(basket, new ProcessBuilder("date").start());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    public static void producer(Ports ports) {
        through(ports, basket -> {
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of())) {
                return with(basket, producer);
            }
        });
    }

    public static void environment(Ports ports) {
        through(ports, basket -> with(basket, System.getenv("SHOP")));
    }

    public static void property(Ports ports) {
        through(ports, basket -> with(basket, System.getProperty("shop")));
    }

    public static void zone(Ports ports) {
        through(ports, basket -> with(basket, basket.getAt().atZone(ZoneId.systemDefault())));
    }

    public static void timeZone(Ports ports) {
        through(ports, basket -> with(basket, TimeZone.getDefault()));
    }

    public static void locale(Ports ports) {
        through(ports, basket -> with(basket, basket.getNote().toUpperCase(Locale.getDefault())));
    }

    public static void charset(Ports ports) {
        through(ports, basket -> with(basket, basket.getNote().getBytes(Charset.defaultCharset()).length));
    }

    public static void thread(Ports ports) {
        through(ports, basket -> {
            new Thread(() -> with(basket, 1)).start();
            return basket;
        });
    }

    public static void sleep(Ports ports) {
        through(ports, basket -> {
            try {
                Thread.sleep(1);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return basket;
        });
    }

    public static void executor(Ports ports) {
        through(ports, basket -> with(basket, Executors.newCachedThreadPool()));
    }

    public static void later(Ports ports) {
        through(
                ports,
                basket -> with(
                        basket, CompletableFuture.supplyAsync(basket::getNote).join()));
    }

    public static void inParallel(Ports ports) {
        through(ports, basket -> with(basket, basket.getItems().parallelStream().findAny()));
    }

    public static void identity(Ports ports) {
        through(ports, basket -> with(basket, System.identityHashCode(basket)));
    }

    public static void objectHash(Ports ports) {
        through(ports, basket -> with(basket, ((Object) basket.getNote()).hashCode()));
    }

    public static void enumHash(Ports ports) {
        through(ports, basket -> with(basket, Size.of(basket).hashCode()));
    }

    public static void staticField(Ports ports) {
        through(ports, basket -> {
            last = basket.getAt().toEpochMilli();
            return basket;
        });
    }

    public static void atomic(Ports ports) {
        through(ports, basket -> with(basket, COUNT.incrementAndGet()));
    }

    private static Basket with(Basket basket, Object note) {
        return new Basket(basket.getAt(), String.valueOf(note), basket.getItems());
    }

    private enum Size {
        SMALL,
        LARGE;

        static Size of(Basket basket) {
            return basket.getItems().size() > 1 ? LARGE : SMALL;
        }
    }
}

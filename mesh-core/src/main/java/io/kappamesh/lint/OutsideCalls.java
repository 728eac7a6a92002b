package io.kappamesh.lint;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which calls break which rule: {@code package.Class#method}, where a star stands for any beginning or end of a class's or method's
 * name, {@code new} for a constructor, and parameters, as class files write them, are given where they matter. Calls count,
 * not types: to hold a path or to catch an exception of input and output is not to read a file.
 */
final class OutsideCalls {
    private static final Map<Rule, List<Entry>> BROKEN = broken();
    private static final List<Entry> PURE = entries(
            "*Exception#*",
            "*Error#*",
            "java.io.File#new",
            "java.io.File#get*",
            "java.io.File#to*",
            "java.io.File#compareTo",
            "java.io.File#equals",
            "java.io.File#hashCode",
            "java.io.File#isAbsolute",
            "java.net.URI#*",
            "java.net.URL#new",
            "java.net.URL#getHost",
            "java.net.URL#getPort",
            "java.net.URL#getPath",
            "java.net.URL#getFile",
            "java.net.URL#getQuery",
            "java.net.URL#getProtocol",
            "java.net.URL#to*",
            "java.net.URLEncoder#*",
            "java.net.URLDecoder#*",
            "java.net.IDN#*",
            "java.net.InetAddress#getByAddress",
            "java.net.InetAddress#getHostAddress",
            "java.net.InetAddress#getAddress",
            "java.net.InetSocketAddress#createUnresolved",
            "java.nio.channels.Channels#*",
            "java.sql.Date#*",
            "java.sql.Time#*",
            "java.sql.Timestamp#*",
            "java.sql.Types#*",
            "java.sql.JDBCType#*");

    /** One line of the vocabulary. */
    private record Entry(String owner, String name, String parameters) {
        static Entry of(String text) {
            int name = text.indexOf('#');
            int parameters = text.indexOf('(');
            return new Entry(
                    text.substring(0, name),
                    text.substring(name + 1, parameters < 0 ? text.length() : parameters),
                    parameters < 0 ? "" : text.substring(parameters));
        }

        boolean covers(String calledOwner, String calledName, String descriptor) {
            return fits(owner, calledOwner) && fits(name, calledName) && descriptor.startsWith(parameters);
        }

        private static boolean fits(String pattern, String text) {
            if (pattern.equals("*")) {
                return true;
            }
            if (pattern.startsWith("*")) {
                return text.endsWith(pattern.substring(1));
            }
            return pattern.endsWith("*")
                    ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                    : text.equals(pattern);
        }
    }

    private OutsideCalls() {}

    /**
     * The rule that a call breaks.
     *
     * @param owner the class it goes to, outside of the product: {@code java.time.Instant}
     * @param name the method, or {@code new}
     * @param descriptor its parameters and result
     */
    static Optional<Rule> broken(String owner, String name, String descriptor) {
        if (PURE.stream().anyMatch(entry -> entry.covers(owner, name, descriptor))) {
            return Optional.empty();
        }
        return BROKEN.entrySet().stream()
                .filter(rule -> rule.getValue().stream().anyMatch(entry -> entry.covers(owner, name, descriptor)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<Rule, List<Entry>> broken() {
        Map<Rule, List<Entry>> rules = new LinkedHashMap<>();
        rules.put(
                Rule.CLOCK,
                entries(
                        "java.time.*#now",
                        "java.time.*#dateNow",
                        "java.time.Clock#system*",
                        "java.time.Clock#tickSeconds",
                        "java.time.Clock#tickMinutes",
                        "java.time.Clock#tickMillis",
                        "java.time.Clock#instant",
                        "java.time.Clock#millis",
                        "java.time.InstantSource#system",
                        "java.time.InstantSource#instant",
                        "java.time.InstantSource#millis",
                        "java.lang.System#currentTimeMillis",
                        "java.lang.System#nanoTime",
                        "java.util.Date#new()",
                        "java.util.Calendar#getInstance",
                        "java.util.GregorianCalendar#new()",
                        "java.util.GregorianCalendar#new(L",
                        "org.apache.kafka.common.utils.Time#*",
                        "org.apache.kafka.common.utils.SystemTime#*",
                        "org.apache.kafka.streams.processor.*#currentSystemTimeMs"));
        rules.put(Rule.STREAM_TIME, entries("org.apache.kafka.streams.processor.*#currentStreamTimeMs"));
        rules.put(
                Rule.RANDOMNESS,
                entries(
                        "java.util.Random#*",
                        "java.util.SplittableRandom#*",
                        "java.util.random.*#*",
                        "java.util.concurrent.ThreadLocalRandom#*",
                        "java.security.SecureRandom#*",
                        "java.util.UUID#randomUUID",
                        "java.lang.Math#random",
                        "java.lang.StrictMath#random",
                        "java.util.Collections#shuffle",
                        "org.apache.kafka.common.Uuid#randomUuid"));
        rules.put(
                Rule.ENVIRONMENT,
                entries(
                        "java.lang.System#getenv",
                        "java.lang.System#getProperty",
                        "java.lang.System#getProperties",
                        "java.lang.System#lineSeparator",
                        "java.lang.Integer#getInteger",
                        "java.lang.Long#getLong",
                        "java.lang.Boolean#getBoolean",
                        "java.lang.Runtime#availableProcessors",
                        "java.lang.Runtime#freeMemory",
                        "java.lang.Runtime#totalMemory",
                        "java.lang.Runtime#maxMemory",
                        "java.lang.management.*#*",
                        "java.time.ZoneId#systemDefault",
                        "java.time.Clock#systemDefaultZone",
                        "java.util.TimeZone#getDefault",
                        "java.util.Locale#getDefault",
                        "java.nio.charset.Charset#defaultCharset"));
        rules.put(
                Rule.INPUT_OUTPUT,
                entries(
                        "java.io.File#*",
                        "java.io.FileInputStream#*",
                        "java.io.FileOutputStream#*",
                        "java.io.FileReader#*",
                        "java.io.FileWriter#*",
                        "java.io.RandomAccessFile#*",
                        "java.io.Console#*",
                        "java.io.PrintStream#new(Ljava/lang/String;",
                        "java.io.PrintStream#new(Ljava/io/File;",
                        "java.io.PrintWriter#new(Ljava/lang/String;",
                        "java.io.PrintWriter#new(Ljava/io/File;",
                        "java.util.Scanner#new(Ljava/io/File;",
                        "java.util.Scanner#new(Ljava/nio/file/Path;",
                        "java.lang.System#console",
                        "java.nio.file.Files#*",
                        "java.nio.file.FileSystem*",
                        "java.nio.file.Path#toRealPath",
                        "java.nio.file.Path#toAbsolutePath",
                        "java.nio.file.Path#register",
                        "java.nio.channels.*#*",
                        "java.net.*#*",
                        "java.sql.*#*",
                        "javax.sql.*#*",
                        "javax.naming.*#*",
                        "java.lang.Runtime#exec",
                        "java.lang.Process#*",
                        "java.lang.ProcessBuilder#*",
                        "java.lang.ProcessHandle#*",
                        "org.apache.kafka.clients.producer.Producer#*",
                        "org.apache.kafka.clients.producer.KafkaProducer#*",
                        "org.apache.kafka.clients.consumer.Consumer#*",
                        "org.apache.kafka.clients.consumer.KafkaConsumer#*",
                        "org.apache.kafka.clients.admin.Admin#*",
                        "org.apache.kafka.clients.admin.AdminClient#*",
                        "org.apache.kafka.clients.admin.KafkaAdminClient#*",
                        "org.apache.kafka.streams.KafkaStreams#*"));
        rules.put(
                Rule.THREADS,
                entries(
                        "java.lang.Thread#new",
                        "java.lang.Thread#start*",
                        "java.lang.Thread#sleep",
                        "java.lang.Thread#join",
                        "java.lang.Thread#of*",
                        "java.util.Timer#*",
                        "java.util.concurrent.Executor*",
                        "java.util.concurrent.ScheduledExecutorService#*",
                        "java.util.concurrent.ScheduledThreadPoolExecutor#*",
                        "java.util.concurrent.ThreadPoolExecutor#*",
                        "java.util.concurrent.ForkJoin*",
                        "java.util.concurrent.CompletableFuture#*Async",
                        "java.util.concurrent.CompletableFuture#orTimeout",
                        "java.util.concurrent.CompletableFuture#completeOnTimeout",
                        "java.util.concurrent.CompletableFuture#delayedExecutor",
                        "java.util.concurrent.CompletionStage#*Async",
                        "java.util.concurrent.TimeUnit#sleep",
                        "java.util.*#parallelStream",
                        "java.util.stream.*#parallel"));
        rules.put(
                Rule.IDENTITY_HASH,
                entries("java.lang.System#identityHashCode", "java.lang.Object#hashCode", "java.lang.Enum#hashCode"));
        return rules;
    }

    private static List<Entry> entries(String... texts) {
        return Arrays.stream(texts)
                .map(text -> Entry.of(text.contains("#") ? text : text + "#*"))
                .toList();
    }
}

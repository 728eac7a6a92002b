package io.kappamesh.stack;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM for {@link JavaProcessIT}: starts a child of the asked kind, prints its process id, and waits to be ended. */
final class ParentProgram {

    private ParentProgram() {}

    public static void main(String[] args) throws InterruptedException {
        Path directory = Path.of(args[1]);
        switch (args[0]) {
            case "child" ->
                print(program(directory.resolve("child.log"), "wait").start());
            case "broker" ->
                print(LocalKafka.builder().directory(directory).start().process(1));
            case "stubborn" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(ParentProgram::waitForever));
                System.out.println("no signal but SIGKILL ends me");
            }
            case "fail" -> {
                System.err.println("I was told to fail");
                System.exit(3);
            }
            default -> System.out.println("waiting");
        }
        waitForever();
    }

    static JavaCommand program(Path log, String kind) {
        return JavaCommand.main(kind, log, System.getProperty("java.class.path"), ParentProgram.class.getName())
                .jvmArguments("-Xmx64m")
                .arguments(kind, log.getParent().toString());
    }

    private static void print(JavaProcess child) {
        System.out.println("child=" + child.pid());
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

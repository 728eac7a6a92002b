package io.kappamesh.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory something takes, whether it keeps it or not. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Bytes that this thread allocates while it does something. The same each time, once what is loaded and cached at first use is there. */
    public static long of(Runnable task) {
        task.run();
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        task.run();
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}

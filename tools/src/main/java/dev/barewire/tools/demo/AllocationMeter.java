package dev.barewire.tools.demo;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes of heap the data path's thread allocates between two points. Used on that thread; allocates nothing. */
final class AllocationMeter {
    private static final int WARM_UP = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long startBytes;
    private long startFrames;
    private volatile long bytes;
    private volatile long frames;

    /** Sets the first point; asks often enough before it that asking has allocated all that it ever will. */
    void start(long framesSoFar) {
        for (int i = 0; i < WARM_UP; i++) {
            THREADS.getCurrentThreadAllocatedBytes();
        }
        startFrames = framesSoFar;
        startBytes = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Sets the second point. */
    void stop(long framesSoFar) {
        bytes = THREADS.getCurrentThreadAllocatedBytes() - startBytes;
        frames = framesSoFar - startFrames;
    }

    /** {@return bytes allocated between the points; from any thread} */
    long bytes() {
        return bytes;
    }

    /** {@return frames received and sent between the points; from any thread} */
    long frames() {
        return frames;
    }
}

package dev.barewire.testkit.model.intel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The registers' bits. The tails are written by the driver's threads without a lock and read by the card's. */
final class RegisterFile {
    static final int BYTES = 1 << 17;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] words = new int[BYTES / Integer.BYTES];

    int get(final int offset) {
        return words[offset >> 2];
    }

    void set(final int offset, final int value) {
        words[offset >> 2] = value;
    }

    boolean has(final int offset, final int bits) {
        return (get(offset) & bits) != 0;
    }

    int getAcquire(final int offset) {
        return (int) WORDS.getAcquire(words, offset >> 2);
    }

    void setRelease(final int offset, final int value) {
        WORDS.setRelease(words, offset >> 2, value);
    }

    /** The value of two registers of which the second is the high half. */
    long pair(final int low) {
        return Integer.toUnsignedLong(get(low)) | (long) get(low + Integer.BYTES) << 32;
    }

    void clear(final int from, final int to) {
        for (int offset = from; offset < to; offset += Integer.BYTES) {
            set(offset, 0);
        }
    }
}

package dev.barewire.driver.intel;

import dev.barewire.driver.access.Registers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** A window of registers that remembers what is written, answers as told, and keeps a list of all accesses in order. */
public final class RecordedRegisters implements Registers {
    /** From a register of a queue to the same of the next. */
    public static final int QUEUE = 0x100;
    /** Accesses in order. */
    public final List<String> trace = new ArrayList<>();
    /** Offset to stored value. */
    public final Map<Integer, Integer> values = new HashMap<>();
    /** Whether the card is pulled out: reads give all ones, writes go nowhere. */
    public volatile boolean gone;
    private final Map<Integer, IntUnaryOperator> readers = new HashMap<>();
    private final Map<Integer, IntUnaryOperator> writers = new HashMap<>();

    /** Answers reads of a register with a function of its stored value. */
    public RecordedRegisters onRead(final IntelRegister register, final IntUnaryOperator answer) {
        readers.put(register.offset(), answer);
        return this;
    }

    /** Stores a function of what is written. */
    public RecordedRegisters onWrite(final IntelRegister register, final IntUnaryOperator stored) {
        writers.put(register.offset(), stored);
        return this;
    }

    /** Stores a function of what is written at an offset. */
    public RecordedRegisters onWriteAt(final int offset, final IntUnaryOperator stored) {
        writers.put(offset, stored);
        return this;
    }

    @Override
    public int read(final int offset) {
        trace.add("read " + name(offset));
        if (gone) {
            return -1;
        }
        final int stored = values.getOrDefault(offset, 0);
        return readers.getOrDefault(offset, same -> same).applyAsInt(stored);
    }

    @Override
    public void write(final int offset, final int value) {
        trace.add("write " + name(offset) + " " + Integer.toHexString(value));
        if (!gone) {
            values.put(offset, writers.getOrDefault(offset, same -> same).applyAsInt(value));
        }
    }

    @Override
    public int read(final int offset, final int width) {
        throw new UnsupportedOperationException("Intel's cards have registers of 32 bits");
    }

    @Override
    public void write(final int offset, final int width, final int value) {
        throw new UnsupportedOperationException("Intel's cards have registers of 32 bits");
    }

    @Override
    public int size() {
        return 0x20000;
    }

    public int stored(final IntelRegister register) {
        return values.getOrDefault(register.offset(), 0);
    }

    public int stored(final IntelRegister register, final int queue) {
        return values.getOrDefault(register.offset() + queue * QUEUE, 0);
    }

    private static String name(final int offset) {
        for (final IntelRegister register : IntelRegister.values()) {
            if (register.offset() == offset) {
                return register.name();
            }
        }
        return Integer.toHexString(offset);
    }
}

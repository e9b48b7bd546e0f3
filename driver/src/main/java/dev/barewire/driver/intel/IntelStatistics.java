package dev.barewire.driver.intel;

import dev.barewire.driver.access.Registers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The card's statistics (13.7). The registers clear when they are read and stop at their end, so each look adds them to
 * totals of 64 bits. A gigabit's shortest frames fill 32 bits in 48 minutes: look more often than that. Octet counts
 * include the FCS.
 */
final class IntelStatistics {
    /** A counter: 32 bits, or 64 in two registers of which the high one, read last, clears both. */
    private enum Counter {
        CRC_ERRORS("crc-errors", 0x4000, false),
        ALIGNMENT_ERRORS("alignment-errors", 0x4004, false),
        SYMBOL_ERRORS("symbol-errors", 0x4008, false),
        RECEIVE_ERRORS("receive-errors", 0x400c, false),
        MISSED_PACKETS("missed-packets", 0x4010, false),
        SINGLE_COLLISIONS("single-collisions", 0x4014, false),
        EXCESSIVE_COLLISIONS("excessive-collisions", 0x4018, false),
        MULTIPLE_COLLISIONS("multiple-collisions", 0x401c, false),
        LATE_COLLISIONS("late-collisions", 0x4020, false),
        DEFERS("defers", 0x4030, false),
        SEQUENCE_ERRORS("sequence-errors", 0x4038, false),
        RECEIVE_LENGTH_ERRORS("receive-length-errors", 0x4040, false),
        XON_RECEIVED("xon-received", 0x4048, false),
        XON_SENT("xon-sent", 0x404c, false),
        XOFF_RECEIVED("xoff-received", 0x4050, false),
        XOFF_SENT("xoff-sent", 0x4054, false),
        GOOD_PACKETS_RECEIVED("good-packets-received", 0x4074, false),
        BROADCAST_RECEIVED("broadcast-packets-received", 0x4078, false),
        MULTICAST_RECEIVED("multicast-packets-received", 0x407c, false),
        GOOD_PACKETS_SENT("good-packets-sent", 0x4080, false),
        GOOD_OCTETS_RECEIVED("good-octets-received", 0x4088, true),
        GOOD_OCTETS_SENT("good-octets-sent", 0x4090, true),
        NO_BUFFERS("receive-no-buffers", 0x40a0, false),
        UNDERSIZE_RECEIVED("undersize-received", 0x40a4, false),
        FRAGMENTS_RECEIVED("fragments-received", 0x40a8, false),
        OVERSIZE_RECEIVED("oversize-received", 0x40ac, false),
        JABBERS_RECEIVED("jabbers-received", 0x40b0, false),
        TOTAL_OCTETS_RECEIVED("total-octets-received", 0x40c0, true),
        TOTAL_OCTETS_SENT("total-octets-sent", 0x40c8, true),
        TOTAL_PACKETS_RECEIVED("total-packets-received", 0x40d0, false),
        TOTAL_PACKETS_SENT("total-packets-sent", 0x40d4, false),
        MULTICAST_SENT("multicast-packets-sent", 0x40f0, false),
        BROADCAST_SENT("broadcast-packets-sent", 0x40f4, false),
        SEGMENTATIONS_SENT("segmentation-contexts-sent", 0x40f8, false),
        SEGMENTATIONS_FAILED("segmentation-contexts-failed", 0x40fc, false);

        private final String label;
        private final int offset;
        private final boolean wide;

        Counter(final String label, final int offset, final boolean wide) {
            this.label = label;
            this.offset = offset;
            this.wide = wide;
        }

        long read(final Registers registers) {
            final long low = Integer.toUnsignedLong(registers.read(offset));
            return wide ? low | Integer.toUnsignedLong(registers.read(offset + 4)) << 32 : low;
        }

        /** Whether it says the most that it can, or more than 64 bits with a sign can hold. */
        boolean isFull(final long count) {
            return wide ? count < 0 : count == 0xffff_ffffL;
        }
    }

    private static final Counter[] COUNTERS = Counter.values();

    private final Registers registers;
    private final long[] totals = new long[COUNTERS.length];
    private long saturations;

    IntelStatistics(final Registers registers) {
        this.registers = registers;
    }

    /** Throws away what the card counted before. */
    synchronized void reset() {
        collect();
        Arrays.fill(totals, 0);
        saturations = 0;
    }

    /** Adds what the card has counted since the last look. */
    synchronized void collect() {
        for (int i = 0; i < COUNTERS.length; i++) {
            final long count = COUNTERS[i].read(registers);
            if (COUNTERS[i].isFull(count)) {
                if (registers.read(IntelRegister.STATUS.offset()) == -1) {
                    return; // a card that is gone reads as all ones, which is no count
                }
                saturations++;
            }
            // A sum that would be negative is none: the card lies.
            totals[i] += Math.max(0, Math.min(count, Long.MAX_VALUE - totals[i]));
        }
    }

    /** How often a register was found at its end. */
    synchronized long saturations() {
        return saturations;
    }

    /** The totals by name. */
    synchronized Map<String, Long> totals() {
        final Map<String, Long> named = new LinkedHashMap<>();
        for (int i = 0; i < COUNTERS.length; i++) {
            named.put(COUNTERS[i].label, totals[i]);
        }
        return named;
    }
}

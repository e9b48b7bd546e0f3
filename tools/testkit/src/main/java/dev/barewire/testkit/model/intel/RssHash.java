package dev.barewire.testkit.model.intel;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** The hash of receive side scaling (datasheet 317694, 7.1.11.2): Toeplitz's, over addresses and ports by a key. */
final class RssHash {
    private static final int KEY_BYTES = 40;
    /** IPv6 addresses and two ports. */
    private static final int MOST_INPUT = 36;
    private static final int BYTE_VALUES = 256;

    /** What each value of each byte of the input adds. */
    private final int[] terms = new int[MOST_INPUT * BYTE_VALUES];
    private boolean stale = true;

    /** A register of the key was written. */
    void keyChanged() {
        stale = true;
    }

    /** Starts with the first byte of the input, so that the parts of one input can follow each other. */
    int of(final RegisterFile registers, final DirectBuffer bytes, final int at, final int length, final int place, final int soFar) {
        if (stale) {
            spread(registers);
        }
        int hash = soFar;
        for (int i = 0; i < length; i++) {
            hash ^= terms[(place + i) * BYTE_VALUES + (bytes.getByte(at + i) & 0xff)];
        }
        return hash;
    }

    private void spread(final RegisterFile registers) {
        stale = false;
        Arrays.fill(terms, 0);
        for (int bit = 0; bit < MOST_INPUT * Byte.SIZE; bit++) {
            final int window = window(registers, bit);
            final int first = bit / Byte.SIZE * BYTE_VALUES;
            final int mask = 0x80 >>> bit % Byte.SIZE;
            for (int value = 0; value < BYTE_VALUES; value++) {
                terms[first + value] ^= (value & mask) != 0 ? window : 0;
            }
        }
    }

    /** 32 bits of the key from a bit on, the first byte's highest bit being the first. */
    private static int window(final RegisterFile registers, final int bit) {
        int window = 0;
        for (int i = bit; i < bit + Integer.SIZE; i++) {
            final int index = i / Byte.SIZE % KEY_BYTES;
            final int octet = registers.get(Register.RSSRK + (index & ~3)) >>> 8 * (index & 3);
            window = window << 1 | octet >>> 7 - i % Byte.SIZE & 1;
        }
        return window;
    }
}

package dev.barewire.testkit.model.intel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** One's complement sums of 16-bit words in network order (RFC 1071), as the card's adders do them. */
final class OnesSum {
    private OnesSum() {
    }

    /** Adds up a range; a last odd byte counts as a word's first. The result is folded to 16 bits. */
    static int of(final DirectBuffer bytes, final int from, final int to) {
        long sum = 0;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            final long word = bytes.getLong(at, ByteOrder.BIG_ENDIAN);
            sum += (word >>> 32) + (word & 0xffff_ffffL);
        }
        for (; at <= to - Short.BYTES; at += Short.BYTES) {
            sum += bytes.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
        }
        if (at < to) {
            sum += (bytes.getByte(at) & 0xff) << 8;
        }
        return fold(sum);
    }

    static int fold(final long sum) {
        long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}

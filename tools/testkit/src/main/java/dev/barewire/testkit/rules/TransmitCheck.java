package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.TCTL;
import static dev.barewire.testkit.rules.CardState.TIDV;
import static dev.barewire.testkit.rules.CardState.TIPG;
import static dev.barewire.testkit.rules.IntelRule.RING_17;
import static dev.barewire.testkit.rules.IntelRule.TX_01;
import static dev.barewire.testkit.rules.IntelRule.TX_02;
import static dev.barewire.testkit.rules.IntelRule.TX_04;
import static dev.barewire.testkit.rules.IntelRule.TX_05;
import static dev.barewire.testkit.rules.IntelRule.TX_07;
import static dev.barewire.testkit.rules.IntelRule.TX_08;
import static dev.barewire.testkit.rules.IntelRule.TX_09;
import static dev.barewire.testkit.rules.TransmitDescriptor.EOP;
import static dev.barewire.testkit.rules.TransmitDescriptor.IFCS;
import static dev.barewire.testkit.rules.TransmitDescriptor.RS;
import static dev.barewire.testkit.rules.TransmitDescriptor.has;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** How frames are put into transmit descriptors, and whether their buffers stay as they are. */
final class TransmitCheck extends RegisterCheck {
    private static final int PSP = 1 << 3;
    private static final int COLLISION_THRESHOLD = 0xff << 4;
    private static final int COLLISION_DISTANCE = 0x3ff << 12;
    private static final int WRITE_BACK_THRESHOLD = 0x3f << 16;
    private static final int COUNT_DESCRIPTORS = 1 << 22;
    private static final int SENDS = 1 << 10;
    private static final int MAX_DATA = 16288;
    private static final int ADVANCED_MAX_DATA = 0xffff;
    private static final int MAX_RING = 4096;

    private final RingRegisters ring;
    private final DmaReader memory;
    private final long[] address = new long[MAX_RING];
    private final int[] length = new int[MAX_RING];
    private final long[] content = new long[MAX_RING];
    /** The first descriptor that is not done. */
    private int oldest;
    private boolean insideFrame;
    private boolean extended;

    /**
     * Watches the transmitter.
     *
     * @param memory for the card's thread; null where buffers cannot be seen
     */
    TransmitCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory) {
        super(card, breaches);
        this.ring = ring;
        this.memory = memory;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (offset == TCTL && (value & CardState.EN) != 0) {
            require((value & PSP) != 0 && (value & COLLISION_THRESHOLD) != 0 && (value & COLLISION_DISTANCE) != 0, TX_01,
                () -> "the transmitter is on with TCTL " + hex(value));
            // Since the 82576 it is right after a reset.
            require(card.value(TIPG) != 0 || card.isSince(Generation.THE_82576) && !card.isWritten(TIPG), TX_01, () -> "the transmitter is on with TIPG 0");
            if (card.turnsOn(TCTL, offset, value)) {
                requireService();
                insideFrame = false;
                oldest = 0;
                Arrays.fill(length, 0);
            }
        }
    }

    private void requireService() {
        if (card.isSince(Generation.THE_82574) && !card.isSince(Generation.THE_82576) && card.isUsed(ring)) {
            final int control = card.value(ring.control());
            final int arbitration = card.value(ring.arbitration());
            require((control & COUNT_DESCRIPTORS) != 0 && (!card.isWritten(ring.arbitration()) || (arbitration & SENDS) != 0),
                RING_17, () -> "the " + ring.title() + " queue has TXDCTL " + hex(control) + " and TARC " + hex(arbitration));
        }
    }

    /** On the card's thread. */
    void fetched(final int index, final long quad1, final long quad2) {
        if (TransmitDescriptor.isContext(quad2)) {
            length[index] = 0;
            if (insideFrame) {
                breach(TX_02, () -> "context " + index + " comes before the frame in front of it has ended");
            }
            insideFrame = false;
            return;
        }
        if (insideFrame && extended != TransmitDescriptor.isExtended(quad2)) {
            breach(TX_02, () -> "descriptor " + index + " has another format than those in front of it, which have no EOP");
        }
        extended = TransmitDescriptor.isExtended(quad2);
        insideFrame = !has(quad2, EOP);
        if (!insideFrame && !has(quad2, IFCS)) {
            breach(TX_02, () -> "descriptor " + index + " ends a frame without IFCS: " + hex(quad2));
        }
        if (!insideFrame && !has(quad2, RS) && (card.value(ring.control()) & WRITE_BACK_THRESHOLD) != 0) {
            breach(card.isSince(Generation.THE_82574) ? TX_05 : TX_04,
                () -> "descriptor " + index + " has no RS, and TXDCTL is " + hex(card.value(ring.control())));
        }
        if (TransmitDescriptor.isDelayed(quad2) && card.value(TIDV) == 0) {
            breach(TX_09, () -> "descriptor " + index + " has IDE, and TIDV is 0");
        }
        final int bytes = TransmitDescriptor.length(quad2);
        if (bytes == 0 || bytes > (TransmitDescriptor.isAdvanced(quad2) ? ADVANCED_MAX_DATA : MAX_DATA)) {
            breach(TX_08, () -> "descriptor " + index + " points at " + bytes + " bytes");
        }
        address[index] = quad1;
        length[index] = bytes;
        content[index] = content(quad1, bytes);
    }

    /**
     * On the card's thread: a descriptor is done, and with it all in front of it.
     *
     * @return how many
     */
    int done(final int index) {
        final int size = Math.min(card.size(ring), MAX_RING);
        int count = 0;
        int at;
        do {
            at = oldest;
            requireSame(at);
            oldest = at + 1 >= size ? 0 : at + 1;
            count++;
        } while (at != index && count < size);
        return count;
    }

    private void requireSame(final int index) {
        final int bytes = length[index];
        length[index] = 0;
        if (bytes > 0 && content(address[index], bytes) != content[index]) {
            breach(TX_07, () -> "the buffer of descriptor " + index + ", " + bytes + " bytes at " + hex(address[index])
                + ", has changed since the card fetched it");
        }
    }

    private long content(final long iova, final int bytes) {
        final DirectBuffer view = memory == null ? null : memory.view(iova, bytes);
        if (view == null) {
            return 0;
        }
        long sum = bytes;
        long sums = 0;
        int at = 0;
        for (; at <= bytes - Long.BYTES; at += Long.BYTES) {
            sum += view.getLong(at);
            sums += sum;
        }
        for (; at < bytes; at++) {
            sum += view.getByte(at);
            sums += sum;
        }
        return sum ^ Long.rotateLeft(sums, 32);
    }
}

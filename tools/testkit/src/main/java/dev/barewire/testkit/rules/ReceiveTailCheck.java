package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RING_06;
import static dev.barewire.testkit.rules.IntelRule.RING_08;
import static dev.barewire.testkit.rules.IntelRule.RING_11;
import static dev.barewire.testkit.rules.IntelRule.RING_12;
import static dev.barewire.testkit.rules.IntelRule.RING_14;

/** How receive descriptors are handed over. */
final class ReceiveTailCheck extends TailCheck {
    /** So many tails in a row for one descriptor each, with nothing new done in between, are no batches. */
    private static final int SINGLES = 16;
    /** With fewer descriptors than this at the card a driver may be short of buffers, and takes what it gets. */
    private static final int FEW = 16;

    private int singles;
    private long doneBefore;

    ReceiveTailCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory) {
        super(card, breaches, ring, memory);
    }

    @Override
    void onHandOver(final int index, final long quad1, final long quad2) {
        if (quad1 == 0) {
            breach(RING_06, () -> "receive descriptor " + index + " is handed over without a buffer");
        }
        if (card.hasExtendedDescriptors()) {
            if (!isClean(quad2)) {
                breach(RING_11, () -> "receive descriptor " + index + " is handed over as the card wrote it back: " + hex(quad2));
            }
        } else if ((quad2 >>> 32 & 0xffff) != 0) {
            breach(RING_12, () -> "receive descriptor " + index + " is handed over with status or errors: " + hex(quad2));
        }
    }

    @Override
    void onTail(final int count, final int next) {
        if (memory != null && count > 0 && isReadyAt(next)) {
            breach(RING_08, () -> "the receive tail is " + next + ", but descriptor " + next + " was made ready as well");
        }
        final long done = doneCount();
        singles = count == 1 && done == doneBefore && outstanding() > FEW ? singles + 1 : 0;
        doneBefore = done;
        if (singles == SINGLES) {
            singles = 0;
            breach(RING_14, () -> "the receive tail was written for one descriptor, " + SINGLES + " times in a row");
        }
    }

    @Override
    boolean isReady(final long quad1, final long quad2) {
        return quad1 != 0 && (card.hasExtendedDescriptors() ? isClean(quad2) : (quad2 >>> 32 & 0xff) == 0);
    }

    /** The second quadword is 0, or the address of a second buffer, which is even since DD is its lowest bit. */
    private boolean isClean(final long quad2) {
        return card.hasSplitDescriptors() || card.hasHeaderBuffers(ring) ? quad2 != 0 && (quad2 & 1) == 0 : quad2 == 0;
    }

    @Override
    Rule gap() {
        return IntelRule.RING_09;
    }
}

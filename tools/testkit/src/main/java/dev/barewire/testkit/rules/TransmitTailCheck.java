package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RING_06;
import static dev.barewire.testkit.rules.IntelRule.RING_14;
import static dev.barewire.testkit.rules.IntelRule.TX_02;
import static dev.barewire.testkit.rules.IntelRule.TX_03;

/** How transmit descriptors are handed over. */
final class TransmitTailCheck extends TailCheck {
    /** Descriptors with data behind the last report. */
    private int unreported;
    private boolean insideFrame;

    TransmitTailCheck(final CardState card, final Breaches breaches, final RingRegisters ring, final DmaReader memory) {
        super(card, breaches, ring, memory);
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (card.turnsOff(ring.unit(), offset, value)) {
            require(unreported == 0, TX_03,
                () -> "the transmitter is switched off, and no RS came behind its last " + unreported + " descriptors");
            require(!insideFrame, TX_02, () -> "the transmitter is switched off, and its last frame has no EOP");
            unreported = 0;
            insideFrame = false;
        }
        super.onWrite(offset, value);
    }

    @Override
    void onHandOver(final int index, final long quad1, final long quad2) {
        if (!isReady(quad1, quad2)) {
            breach(RING_06, () -> "transmit descriptor " + index + " is handed over as " + hex(quad1) + " " + hex(quad2));
        }
        if (quad2 == 0 || TransmitDescriptor.isContext(quad2)) {
            return;
        }
        if (quad1 == 0) {
            breach(RING_06, () -> "transmit descriptor " + index + " is handed over without a buffer");
        }
        unreported = TransmitDescriptor.has(quad2, TransmitDescriptor.RS) ? 0 : unreported + 1;
        insideFrame = !TransmitDescriptor.has(quad2, TransmitDescriptor.EOP);
        if (unreported == card.size(ring)) {
            breach(TX_03, () -> "no descriptor of the whole ring has RS");
        }
    }

    @Override
    void onTail(final int count, final int next) {
        if (insideFrame) {
            breach(RING_14, () -> "the transmit tail is " + next + ", inside a frame");
        }
    }

    @Override
    boolean isReady(final long quad1, final long quad2) {
        return quad2 != 0 && !TransmitDescriptor.isDone(quad2);
    }

    @Override
    Rule gap() {
        return IntelRule.TX_06;
    }
}

package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.CardState.STATISTICS;
import static dev.barewire.testkit.rules.CardState.STATISTICS_END;
import static dev.barewire.testkit.rules.IntelRule.STATS_02;
import static dev.barewire.testkit.rules.IntelRule.STATS_05;

import java.util.Arrays;

/** How the counters are read. */
final class StatisticsCheck extends RegisterCheck {
    /** CRCERRS, MPC, GPRC, GPTC, and the high halves of GORC and GOTC. */
    private static final int[] MAIN = {0x4000, 0x4010, 0x4074, 0x4080, 0x408c, 0x4094};

    private final boolean[] seen = new boolean[(STATISTICS_END - STATISTICS) / Integer.BYTES];
    private int last = -1;

    StatisticsCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onRead(final int offset, final int value) {
        if (offset < STATISTICS || offset >= STATISTICS_END) {
            return;
        }
        final int before = last;
        if (isPair(before) && offset != before + 4) {
            breach(STATS_02, () -> hex(before) + " is read, and then " + hex(offset) + " instead of its high half");
        } else if (isPair(offset - 4) && before != offset - 4) {
            breach(STATS_02, () -> hex(offset) + " is read, but not its low half right before");
        }
        last = offset;
        seen[offset - STATISTICS >> 2] = true;
    }

    @Override
    void onWrite(final int offset, final int value) {
        if (card.turnsOn(CardState.RCTL, offset, value)) {
            for (final int counter : MAIN) {
                require(seen[counter - STATISTICS >> 2], STATS_05,
                    () -> "the receiver is switched on, but " + hex(counter) + " was not read");
            }
        } else if (CardState.isReset(offset, value)) {
            Arrays.fill(seen, false);
        }
    }

    /** The low halves of GORC, GOTC, TOR and TOT. */
    private static boolean isPair(final int offset) {
        return offset == 0x4088 || offset == 0x4090 || offset == 0x40c0 || offset == 0x40c8;
    }
}

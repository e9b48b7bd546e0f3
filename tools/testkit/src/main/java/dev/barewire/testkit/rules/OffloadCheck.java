package dev.barewire.testkit.rules;

import static dev.barewire.testkit.rules.IntelRule.RX_09;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_01;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_03;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_04;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_05;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_06;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_07;
import static dev.barewire.testkit.rules.IntelRule.TXOFF_08;
import static dev.barewire.testkit.rules.IntelRule.VLAN_01;
import static dev.barewire.testkit.rules.IntelRule.VLAN_03;
import static dev.barewire.testkit.rules.TransmitDescriptor.EOP;
import static dev.barewire.testkit.rules.TransmitDescriptor.IXSM;
import static dev.barewire.testkit.rules.TransmitDescriptor.TXSM;
import static dev.barewire.testkit.rules.TransmitDescriptor.VLE;
import static dev.barewire.testkit.rules.TransmitDescriptor.has;

import org.agrona.DirectBuffer;

/** What frames ask of the card: checksums, segmentation, tags; and whether their headers are made ready for it. */
final class OffloadCheck extends RegisterCheck {
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int COMMAND_TCP = 1;
    private static final int COMMAND_IP = 1 << 1;
    private static final int COMMAND_TSE = 1 << 2;
    private static final int ADVANCED_IPV4 = 1 << 10;
    private static final int ADVANCED_TCP = 1 << 11;
    /** The longest frame that a card takes in without RCTL.LPE, less the FCS, with one tag, and one more than it knows. */
    private static final int STANDARD_FRAME = 1522;

    private final FrameView headers = new FrameView();
    /** The context for checksums and the one for segmentation, or advanced ones by their number; 0 if there was none. */
    private final long[] checksums = new long[2];
    private final long[] control = new long[2];
    private boolean unused;
    private boolean advanced;
    private int which;
    private int advancedPayload;
    private boolean insideFrame;
    private boolean firstHasTag;
    private boolean tagged;
    private boolean segmented;
    private boolean mixed;
    private int options;
    private int laterOptions;
    private int firstIndex;

    OffloadCheck(final CardState card, final Breaches breaches) {
        super(card, breaches);
    }

    @Override
    void onWrite(final int offset, final int value) {
        final boolean transmits = card.turnsOn(CardState.TCTL, offset, value);
        if (transmits || card.turnsOn(CardState.RCTL, offset, value)) {
            require(card.value(CardState.VET) == ETHERTYPE_VLAN, VLAN_01,
                () -> "a unit is switched on by " + hex(offset) + " with VET " + hex(card.value(CardState.VET)));
        }
        if (transmits) {
            checksums[0] = 0;
            checksums[1] = 0;
            control[0] = 0;
            control[1] = 0;
            insideFrame = false;
            unused = false;
        }
    }

    /** On the card's thread. */
    void fetched(final int index, final long quad1, final long quad2) {
        if (TransmitDescriptor.isContext(quad2)) {
            final int of = TransmitDescriptor.isAdvanced(quad2) ? slot(quad2) : has(quad2, COMMAND_TSE) ? 1 : 0;
            checksums[of] = quad1;
            control[of] = quad2;
            unused = true;
            insideFrame = false;
            return;
        }
        if (!insideFrame) {
            firstIndex = index;
            options = TransmitDescriptor.options(quad2);
            segmented = TransmitDescriptor.segments(quad2);
            advanced = TransmitDescriptor.isAdvanced(quad2);
            which = advanced ? slot(quad2) : segmented ? 1 : 0;
            advancedPayload = (int) (quad2 >>> 46);
            firstHasTag = has(quad2, VLE);
            tagged = false;
            mixed = false;
            laterOptions = 0;
        } else {
            laterOptions |= TransmitDescriptor.options(quad2);
            mixed |= segmented != TransmitDescriptor.segments(quad2);
        }
        tagged |= has(quad2, VLE);
        insideFrame = !has(quad2, EOP);
        if (!insideFrame) {
            ended(index, has(quad2, VLE));
        }
    }

    private void ended(final int index, final boolean lastHasTag) {
        final int first = firstIndex;
        if (tagged && !(segmented ? firstHasTag : lastHasTag)) {
            breach(VLAN_03, () -> "VLE is not in the descriptor that counts of the frame from " + first + " to " + index);
        }
        if (tagged && !advanced && !card.has(CardState.CTRL, CardState.CTRL_VME)) {
            breach(VLAN_03, () -> "the frame from " + first + " to " + index + " has VLE, but CTRL.VME is off");
        }
        if ((laterOptions & ~options) != 0) {
            breach(TXOFF_08, () -> "the frame from " + first + " to " + index + " has POPTS " + laterOptions
                + " behind its first descriptor, which has " + options);
        }
        if (mixed) {
            breach(TXOFF_07, () -> "some descriptors of the frame from " + first + " to " + index + " have TSE, and some not");
        }
        if (unused && options == 0 && laterOptions == 0 && !(advanced && tagged)) {
            breach(TXOFF_08, () -> "the frame from " + first + " to " + index + " is behind a new context, but asks for nothing");
        }
        unused = false;
    }

    /** On the card's thread, when all descriptors of the frame were fetched. */
    void gathered(final DirectBuffer frame, final int length) {
        if (!segmented && length > STANDARD_FRAME && !card.has(CardState.RCTL, CardState.RCTL_LPE)) {
            breach(RX_09, () -> "a frame of " + length + " bytes is sent, but RCTL is " + hex(card.value(CardState.RCTL)));
        }
        if (options == 0 && !segmented) {
            return;
        }
        if (control[which] == 0) {
            breach(TXOFF_01, () -> "the frame at descriptor " + firstIndex + " needs a context" + (segmented ? " with TSE" : "")
                + ", but there was none");
            return;
        }
        headers.parse(frame, length);
        if (advanced) {
            advanced((int) checksums[which], control[which], length);
            return;
        }
        final int ip = (int) checksums[which];
        final int transport = (int) (checksums[which] >>> 32);
        if ((options & IXSM) != 0) {
            ipChecksum(ip & 0xff, ip >>> 8 & 0xff, ip >>> 16);
        }
        if ((options & TXSM) != 0) {
            transportChecksum(transport & 0xff, transport >>> 8 & 0xff, transport >>> 16, length);
        }
        if (segmented) {
            final long context = control[1];
            segmentation((int) context & 0xf_ffff, (int) (context >>> 40) & 0xff, (int) (context >>> 48) & 0xffff,
                has(context, COMMAND_TCP), has(context, COMMAND_IP), length);
        }
    }

    /** An advanced context has the headers' lengths, of which the card knows the rest. */
    private void advanced(final int lengths, final long context, final int length) {
        final int ip = lengths >>> 9 & 0x7f;
        final int transport = ip + (lengths & 0x1ff);
        final boolean tcp = (context & ADVANCED_TCP) != 0;
        if ((options & IXSM) != 0) {
            ipChecksum(ip, ip + 10, transport - 1);
        }
        if ((options & TXSM) != 0) {
            transportChecksum(transport, transport + (tcp ? 16 : 6), 0, length);
        }
        if (segmented) {
            segmentation(advancedPayload, transport + ((int) (context >>> 40) & 0xff), (int) (context >>> 48) & 0xffff, tcp,
                (context & ADVANCED_IPV4) != 0, length);
        }
    }

    private static int slot(final long quad2) {
        return (int) (quad2 >>> 36) & 1;
    }

    private void ipChecksum(final int start, final int at, final int end) {
        final boolean fits = headers.version() == 4 && start == headers.l3() && at == start + 10
            && end == start + 4 * (headers.u16(start) >>> 8 & 0xf) - 1;
        if (!fits) {
            breach(TXOFF_03, () -> "IPCSS, IPCSO, IPCSE are " + start + ", " + at + ", " + end + " for IP version "
                + headers.version() + " at " + headers.l3());
        } else if (!segmented && headers.ipv4Checksum() != 0) {
            breach(TXOFF_03, () -> "the IPv4 header's checksum is " + hex(headers.ipv4Checksum()) + " where the card sums it");
        }
    }

    private void transportChecksum(final int start, final int at, final int end, final int length) {
        final boolean fits = headers.l4() != 0 && start == headers.l4() && at == headers.checksumOffset()
            && (end == 0 || end == length - 1);
        if (!fits) {
            breach(TXOFF_04, () -> "TUCSS, TUCSO, TUCSE are " + start + ", " + at + ", " + end + " for protocol "
                + headers.protocol() + " at " + headers.l4() + " of " + length + " bytes");
        } else if (!headers.isRouted()) {
            final int seed = headers.pseudoHeader(!segmented);
            final int found = headers.u16(at);
            if (found % 0xffff != seed % 0xffff) {
                breach(TXOFF_05, () -> "the checksum field holds " + hex(found) + ", but the pseudo header's sum is " + hex(seed));
            }
        }
    }

    private void segmentation(final int payload, final int header, final int mss, final boolean tcp, final boolean ipv4,
        final int length) {
        final boolean fits = headers.l4() != 0 && headers.protocol() == FrameView.TCP && tcp
            && ipv4 == (headers.version() == 4) && header == headers.headerLength() && payload == length - header && mss > 0;
        if (!fits) {
            breach(TXOFF_07, () -> "PAYLEN, HDRLEN, MSS are " + payload + ", " + header + ", " + mss + ", TCP " + tcp + ", IPv4 "
                + ipv4 + " for protocol " + headers.protocol() + " over IP version " + headers.version() + " of " + length + " bytes");
        }
        if (headers.version() == 4 && (headers.ipv4TotalLength() != 0 || headers.ipv4Checksum() != 0)) {
            breach(TXOFF_06, () -> "the IPv4 header has length " + headers.ipv4TotalLength() + " and checksum "
                + hex(headers.ipv4Checksum()));
        }
    }
}

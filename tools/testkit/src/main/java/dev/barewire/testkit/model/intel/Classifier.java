package dev.barewire.testkit.model.intel;

import org.agrona.DirectBuffer;

/**
 * What the 82574 and its successors read in a frame's headers: where they end, for header split (317694, 7.1.5), and a hash of
 * its flow, which chooses a queue (7.1.11).
 */
final class Classifier {
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_ADDRESSES = 8;
    private static final int PORTS = 4;
    /** Types of hash, as descriptors have them. */
    private static final int TCP_IPV4 = 1;
    private static final int IPV4 = 2;
    private static final int TCP_IPV6 = 3;
    private static final int IPV6 = 5;
    private static final int TABLE_ENTRIES = 128;
    /** What the 82576 tells of a packet, above the type of hash (82576 datasheet, 7.1.5). */
    private static final int SEEN_IPV4 = 1 << 4;
    private static final int SEEN_IPV6 = 1 << 6;
    private static final int SEEN_TCP = 1 << 8;
    private static final int SEEN_UDP = 1 << 9;

    private final RegisterFile registers;
    private final FrameHeaders headers = new FrameHeaders();
    private final RssHash rss = new RssHash();

    private final Design.Reading reading;
    private final int queues;

    Classifier(final RegisterFile registers, final Design design) {
        this.registers = registers;
        this.reading = design.reading();
        this.queues = design.queues();
    }

    void keyChanged() {
        rss.keyChanged();
    }

    void classify(final DirectBuffer frame, final int offset, final int length, final FrameFacts facts) {
        headers.parse(frame, offset, length, registers.get(Register.VET) & 0xffff);
        final boolean unsplit = headers.fragment && registers.has(Register.RFCTL, Bits.RFCTL_IPFRSP_DIS);
        facts.headerLength = unsplit ? 0 : headers.end;
        facts.hashType = 0;
        facts.hash = 0;
        facts.queue = 0;
        final int mrqc = registers.get(Register.MRQC);
        if ((mrqc & Bits.MRQC_ENABLE) == reading.mode && registers.has(Register.RXCSUM, Bits.RXCSUM_PCSD)) {
            hash(frame, offset, mrqc, facts);
            if (facts.hashType != 0) {
                facts.queue = queueOf(facts.hash & TABLE_ENTRIES - 1);
            }
        }
        if (reading == Design.Reading.THE_82576) {
            facts.hashType |= seen();
            if ((registers.get(Register.PSRTYPE + Integer.BYTES * facts.queue) >>> kind() & 1) == 0) {
                facts.headerLength = 0;
            }
        }
    }

    /** As PSRTYPE counts (82576 datasheet, 8.10): IP alone, with TCP, with UDP; IPv6 after IPv4 and what has both. */
    private int kind() {
        final int ip = headers.version == 6 ? 7 : 1;
        return !headers.hasPorts() ? ip : headers.protocol == FrameHeaders.TCP ? ip + 1 : ip + 2;
    }

    private int seen() {
        final int ip = headers.version == 4 ? SEEN_IPV4 : headers.version == 6 ? SEEN_IPV6 : 0;
        return !headers.hasPorts() ? ip : ip | (headers.protocol == FrameHeaders.TCP ? SEEN_TCP : SEEN_UDP);
    }

    private int tcpIpv6() {
        return reading == Design.Reading.THE_82576 ? Bits.MRQC_TCP_IPV6 | Bits.MRQC_TCP_IPV6_PLAIN : Bits.MRQC_TCP_IPV6;
    }

    private void hash(final DirectBuffer frame, final int offset, final int mrqc, final FrameFacts facts) {
        final boolean tcp = headers.protocol == FrameHeaders.TCP && headers.hasPorts();
        final boolean is4 = headers.version == 4;
        if (tcp && (mrqc & (is4 ? Bits.MRQC_TCP_IPV4 : tcpIpv6())) != 0) {
            facts.hashType = is4 ? TCP_IPV4 : TCP_IPV6;
        } else if (is4 && (mrqc & Bits.MRQC_IPV4) != 0) {
            facts.hashType = IPV4;
        } else if (headers.version == 6 && (mrqc & Bits.MRQC_IPV6) != 0) {
            facts.hashType = IPV6;
        } else {
            return;
        }
        final int addresses = is4 ? 8 : 32;
        facts.hash = rss.of(
            registers, frame, offset + headers.l3 + (is4 ? IPV4_ADDRESSES : IPV6_ADDRESSES), addresses, 0, 0);
        if (facts.hashType == TCP_IPV4 || facts.hashType == TCP_IPV6) {
            facts.hash = rss.of(registers, frame, offset + headers.l4, PORTS, addresses, facts.hash);
        }
    }

    /** The table's entries are bytes, four of them in a register. */
    private int queueOf(final int entry) {
        final int queue = registers.get(Register.RETA + (entry & ~3)) >>> 8 * (entry & 3) + reading.queueShift & reading.queueMask;
        return queue < queues ? queue : 0;
    }
}

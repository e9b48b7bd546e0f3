package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.profiles.Offload;
import org.junit.jupiter.api.Test;

/** Frames of which one bit is wrong, in each place behind the Ethernet header. */
final class BadChecksumsTest extends QueueFixture {
    private static final int IP = 14;
    private static final byte[][] FRAMES = {Frames.udp(60), Frames.tcp(60)};

    /** Polls a frame with a bit flipped; the packet, or null if none came. */
    private Packet flipped(final byte[] sound, final int bit) {
        final byte[] frame = sound.clone();
        frame[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(card.receive(frame)).isTrue();
        return nic.rx(0).poll(burst) == 0 ? null : burst[0];
    }

    @Test
    void shouldShowNoFrameWithAWrongBitWhenTheyAreWithheld() {
        reopen(NicTest.SMALL.badChecksums(BadChecksums.WITHHOLD));
        int bits = 0;
        for (final byte[] sound : FRAMES) {
            for (int bit = IP * 8; bit < sound.length * 8; bit++) {
                assertThat(flipped(sound, bit)).as("bit %d of byte %d", bit % 8, bit / 8).isNull();
                bits++;
            }
        }
        assertThat(count(Name.RX_DROP_CHECKSUM)).isEqualTo(bits);
        assertThat(nic.counters().drops()).containsKey("rx.drop.bad-checksum");
        assertThat(nic.buffersOutstanding()).isZero();
        receive(FRAMES[0]).release();
    }

    @Test
    void shouldShowZerosForThePayloadOfAFrameWithAWrongBitWhenTheyAreScrubbed() {
        reopen(NicTest.SMALL.badChecksums(BadChecksums.SCRUB));
        final byte[] sound = FRAMES[0];
        int bits = 0;
        for (int bit = Frames.UDP_HEADERS * 8; bit < sound.length * 8; bit++) {
            final Packet packet = flipped(sound, bit);
            bits++;
            assertThat(packet.l4Checksum()).isEqualTo(Verdict.BAD);
            assertThat(packet.headerLength()).isEqualTo(Frames.UDP_HEADERS);
            for (int i = 0; i < Frames.UDP_HEADERS; i++) {
                assertThat(packet.header().getByte(i)).isEqualTo(sound[i]);
            }
            for (int i = 0; i < packet.payload(0).length(); i++) {
                assertThat(packet.payload(0).getByte(i)).isZero();
            }
            packet.release();
        }
        assertThat(count(Name.RX_SCRUBBED)).isEqualTo(bits);
        assertThat(nic.copies().bytes()).isZero();
        final Packet good = receive(sound);
        assertThat(good.payload(0).getByte(59)).isEqualTo((byte) 59);
        good.release();
    }

    @Test
    void shouldScrubEachBufferOfALongFrame() {
        reopen(NicTest.SMALL.mtu(9000).badChecksums(BadChecksums.SCRUB));
        final byte[] frame = Frames.udp(5000);
        frame[4000] ^= 1;
        final Packet packet = receive(frame);
        assertThat(packet.payloadSegments()).isEqualTo(3);
        for (int segment = 0; segment < 3; segment++) {
            for (int i = 0; i < packet.payload(segment).length(); i++) {
                assertThat(packet.payload(segment).getByte(i)).isZero();
            }
        }
        packet.release();
    }

    @Test
    void shouldRefuseAPolicyWhoseChecksumsNobodyVerifies() {
        assertThatThrownBy(() -> Nic.open("fake:1", NicTest.SMALL.badChecksums(BadChecksums.WITHHOLD)
            .offload(Offload.RX_UDP_CHECKSUM, Force.OFF))).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("not all checksums are verified", "rx-udp-checksum");
    }
}

package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import dev.barewire.dma.MemoryKind;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Frames of up to 9000 bytes over several receive buffers. */
@CardSuite
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JumboScenarios {
    private static final int MTU = 9000;
    /** Ethernet header and two VLAN tags. */
    private static final int OVERHEAD = 22;

    /** Bytes of a header's buffer where the application gives none. */
    private static final int HEADER_BUFFER = 256;

    private final int bufferSize;
    private Bench bench;

    JumboScenarios(int bufferSize) {
        this.bufferSize = bufferSize;
    }

    @BeforeAll
    void open() {
        bench = Bench.open(NicConfig.defaults().mtu(MTU).rxBuffers(MemoryKind.HUGE_PAGES, bufferSize, 4096));
    }

    @AfterAll
    void close() {
        bench.close();
    }

    @Test
    void shouldReceiveAndSendEveryByteWhenFramesSpanBuffers() {
        List<byte[]> sent = new ArrayList<>();
        for (int size = 60; size <= MTU + OVERHEAD; size += 331) {
            sent.add(new FrameBuilder().type(0x88b5).payload(size - 14, size).build());
        }
        for (int buffers = 1; buffers * bufferSize < MTU; buffers += 1 + 1024 / bufferSize) {
            for (int size = buffers * bufferSize - 1; size <= buffers * bufferSize + 1; size++) {
                sent.add(new FrameBuilder().type(0x88b5).payload(size - 14, size).build());
            }
        }
        sent.add(FrameBuilder.noise(MTU + OVERHEAD, 1));
        Packet[] one = new Packet[1];
        for (byte[] frame : sent) {
            one[0] = bench.exchange(frame);
            assertThat(one[0].segments().count()).isEqualTo(segments(frame.length));
            assertSame(bench.bytes(one[0]), frame, "received frame");

            // Back from the very buffers that it came in.
            bench.send(one[0]);

            assertSame(bench.onWire(), frame, "sent frame");
        }
    }

    /** An 82574L that puts headers apart begins a frame without any in a header's buffer as well. */
    private int segments(int bytes) {
        boolean apart = bench.nic.offloads().state(Offload.HEADER_SPLIT) == OffloadPlan.State.HARDWARE
            && bench.nic.card().equals("82574L");
        int first = apart ? Math.min(bytes, HEADER_BUFFER) : 0;
        return (apart ? 1 : 0) + (bytes - first + bufferSize - 1) / bufferSize;
    }

    @Test
    void shouldSplitAndVerifyWhenFramesSpanBuffers() {
        byte[] options = new byte[40];
        for (int bytes = 1; bytes <= 8800; bytes += 549) {
            byte[] frame = new FrameBuilder().ipv4(TCP, options).tcp(options).payload(bytes, bytes).build();
            Packet packet = bench.exchange(frame);
            assertSame(bench.bytes(packet), frame, "frame");
            assertThat(packet.headerLength()).isEqualTo(134);
            assertThat(packet.l4Checksum()).isEqualTo(Verdict.GOOD);
            packet.release();

            frame[frame.length - 1] ^= 1;
            packet = bench.exchange(frame);
            assertThat(packet.l4Checksum()).isEqualTo(Verdict.BAD);
            packet.release();
        }
    }

    @Test
    void shouldFillInChecksumsWhenFramesAreLong() {
        for (int bytes = 1500; bytes <= 8950; bytes += 745) {
            byte[] frame = new FrameBuilder().ipv6(UDP).udp().payload(bytes, bytes).build();
            byte[] unsummed = frame.clone();
            unsummed[60] ^= 0x7f;

            bench.send(bench.packet(unsummed).requestChecksums());

            assertSame(bench.onWire(), frame, "frame");
        }
    }

    @Test
    void shouldDropAndGoOnWhenAFrameIsLongerThanTheMtu() {
        long before = bench.nic.counters().get(NicCounters.Name.RX_DROP_LONG);
        int outstanding = bench.nic.buffersOutstanding();
        for (int size = MTU + OVERHEAD + 1; size <= 16000; size += 997) {
            bench.far.send(new FrameBuilder().type(0x88b5).payload(size - 14, size).build());
            bench.expectNothing();
            before++;
        }

        long dropped = bench.nic.counters().get(NicCounters.Name.RX_DROP_LONG);
        if (CardUnderTest.countsLongFrames(bench.nic)) {
            dropped += bench.nic.statistics().getOrDefault("oversize-received", 0L);
            assertThat(dropped).isEqualTo(before);
        } else {
            assertThat(dropped).as("those that the card took in").isPositive().isLessThanOrEqualTo(before);
        }
        assertThat(bench.nic.buffersOutstanding()).isEqualTo(outstanding);
    }
}

package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Force;
import dev.barewire.HeaderSplit;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.Devices;
import dev.barewire.profiles.Offload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Header split by QEMU's 82576, judged from outside of the driver: QEMU's trace says where the card wrote which bytes of
 * each payload, and of a header put apart nothing may be there.
 */
@Timeout(120)
class Qemu82576SplitIT {
    private static final String HEADERS = "headers";
    private static final String PAYLOAD = "payload";

    @TempDir
    private Path folder;
    private Bench bench;
    private DmaTrace trace;

    private void open(HeaderSplit split, int mtu, int headerSize, int payloadSize) {
        trace = new DmaTrace(folder.resolve("trace"));
        bench = Bench.over(Devices.open("qemu:igb?trace=" + trace.file()), NicConfig.defaults().mtu(mtu).headerSplit(split)
            .headerPool(domain -> new BufferPool(HEADERS, domain, MemoryKind.ANONYMOUS, headerSize, 256))
            .payloadPool(domain -> new BufferPool(PAYLOAD, domain, MemoryKind.ANONYMOUS, payloadSize, 512))
            .offload(Offload.HEADER_SPLIT, Force.HARDWARE).promiscuous(true).descriptors(64, 64));
    }

    @AfterEach
    void close() {
        if (bench != null) {
            bench.close();
        }
    }

    /** Sends a frame and holds the packet against the trace: what is not in a header's buffer lies where the card put it. */
    private Packet receive(byte[] frame) throws IOException {
        trace.skip();
        Packet packet = bench.exchange(frame);
        assertSame(bench.bytes(packet), frame, "the frame");
        List<DmaTrace.Write> written = DmaTrace.joined(trace.payload());
        int apart = frame.length - DmaTrace.bytes(written);
        if (packet.split() == SplitKind.HEADER_COPY) {
            return packet;
        }
        List<DmaTrace.Write> places = new ArrayList<>();
        for (int i = 0; i < packet.segments().count(); i++) {
            boolean isHeader = packet.segments().buffer(i).pool().name().equals(HEADERS);
            assertThat(isHeader).as("a header's buffer comes first").isEqualTo(i == 0 && apart > 0);
            if (isHeader) {
                assertThat(packet.segments().length(i)).as("bytes in the header's buffer").isEqualTo(apart);
            } else {
                places.add(new DmaTrace.Write(packet.segments().iova(i), packet.segments().length(i)));
            }
        }
        assertThat(DmaTrace.joined(places)).as("where the packet lies, and where the card wrote").isEqualTo(written);
        if (packet.split() == SplitKind.CARD_BY_HEADER) {
            assertThat(apart).as("bytes in the header's buffer").isEqualTo(packet.headerLength());
        }
        assertThat(packet.header().length()).isEqualTo(packet.headerLength());
        return packet;
    }

    // E1K-SPLIT-07, -09, -13, -15
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.barewire.tools.suite.Qemu82574SplitIT#frames")
    void shouldPutTheHeaderApartWhenTheCardKnowsIt(String name, int header, FrameBuilder frame) throws IOException {
        open(HeaderSplit.AFTER_L4, 1500, 256, 2048);
        for (int i = 0; i < 3; i++) {
            Packet packet = receive(frame.build());
            assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
            assertThat(packet.headerLength()).isEqualTo(header);
            packet.release();
        }
        assertThat(bench.nic.copies().bytes()).as("bytes copied").isZero();
    }

    // E1K-SPLIT-10: a short frame lies in the header's buffer, and where its header ends is told all the same
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.barewire.tools.suite.Qemu82574SplitIT#frames")
    void shouldLeaveShortFramesWholeWhenEachStartsInAHeaderBuffer(String name, int header, FrameBuilder builder)
        throws IOException {
        open(HeaderSplit.AFTER_L4.usingHeaderBuffersAlways(), 1500, 256, 2048);
        byte[] frame = builder.build();

        Packet packet = receive(frame);

        assertThat(packet.headerLength()).isEqualTo(header);
        assertThat(packet.split()).isEqualTo(header == frame.length || frame.length > 256 ? packet.split() : SplitKind.VIEW);
        assertThat(packet.split()).isNotEqualTo(frame.length > 256 ? SplitKind.VIEW : SplitKind.HEADER_COPY);
        assertThat(packet.segments().count()).isEqualTo(frame.length > 256 ? 2 : 1);
        assertThat(bench.nic.copies().bytes()).as("bytes copied").isZero();
        packet.release();
    }

    // E1K-SPLIT-09: the card puts nothing of them apart
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.barewire.tools.suite.Qemu82574SplitIT#others")
    void shouldLeaveAFrameWholeWhenTheCardCannotSplitIt(String name, FrameBuilder frame) throws IOException {
        open(HeaderSplit.AFTER_L4, 1500, 256, 2048);

        Packet packet = receive(frame.build());

        assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(packet.segments().count()).isOne();
        assertThat(packet.segments().buffer(0).pool().name()).isEqualTo(PAYLOAD);
        packet.release();
    }

    // E1K-SPLIT-11
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.barewire.tools.suite.Qemu82574SplitIT#others")
    void shouldStartInTheHeaderBufferWhateverTheFrameWhenItIsUsedAlways(String name, FrameBuilder builder) throws IOException {
        open(HeaderSplit.AFTER_L4.usingHeaderBuffersAlways(), 1500, 256, 2048);
        byte[] frame = builder.build();

        Packet packet = receive(frame);

        assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(packet.segments().buffer(0).pool().name()).isEqualTo(HEADERS);
        assertThat(packet.segments().length(0)).isEqualTo(Math.min(frame.length, 256));
        packet.release();
    }

    @ParameterizedTest
    @CsvSource({"false, 128", "true, 128", "false, 64", "true, 64"})
    void shouldNeverCutWithinAHeaderThatTheCardHasNoRoomFor(boolean always, int headerSize) throws IOException {
        open(always ? HeaderSplit.AFTER_L4.usingHeaderBuffersAlways() : HeaderSplit.AFTER_L4, 1500, headerSize, 2048);
        byte[] options = new byte[40];

        Packet packet = receive(new FrameBuilder().ipv4(TCP, options).tcp(options).payload(500, 1).build());

        assertThat(packet.split()).isEqualTo(SplitKind.NOT_SPLIT);
        assertThat(packet.headerLength()).isZero();
        assertThat(packet.segments().length(0)).isEqualTo(always ? headerSize : packet.length());
        packet.release();
    }

    // E1K-SPLIT-12
    @ParameterizedTest
    @CsvSource({"1500, 1024", "9000, 2048", "9000, 6144", "9216, 16384"})
    void shouldGoOnInPayloadBuffersOnly(int mtu, int payloadSize) throws IOException {
        open(HeaderSplit.AFTER_L4, mtu, 256, payloadSize);
        for (int bytes = 1; bytes <= mtu - 40; bytes += mtu / 11) {
            for (int payload : new int[] {bytes, payloadSize - 1, payloadSize, payloadSize + 1, 2 * payloadSize}) {
                if (payload <= mtu - 40) {
                    Packet packet = receive(new FrameBuilder().ipv4(TCP).tcp().payload(payload, payload).pad().build());
                    assertThat(packet.split()).isEqualTo(SplitKind.CARD_BY_HEADER);
                    assertThat(packet.payloadSegments()).isEqualTo((packet.length() - 54 + payloadSize - 1) / payloadSize);
                    packet.release();
                }
            }
        }
        assertThat(bench.nic.counters().get(NicCounters.Name.RX_DROP_DESCRIPTOR)).isZero();
    }

    /** Any peer could hang QEMU, so the choice is software's unless it is asked for. */
    @Test
    void shouldLeaveTheSplitToSoftwareOnQemuUnlessItIsAskedFor() {
        bench = Bench.over(Devices.open("qemu:igb"), NicConfig.defaults().promiscuous(true));

        assertThat(bench.nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.SOFTWARE);
        assertThat(bench.nic.offloads().reason(Offload.HEADER_SPLIT)).contains("hangs QEMU");
        Packet packet = bench.exchange(new FrameBuilder().ipv4(UDP).udp().payload(800, 1).build());
        assertThat(packet.split()).isEqualTo(SplitKind.VIEW);
        packet.release();
    }
}

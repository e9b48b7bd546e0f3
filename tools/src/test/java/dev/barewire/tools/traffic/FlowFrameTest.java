package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.MacAddress;
import dev.barewire.fallback.Ethernet;
import dev.barewire.fallback.Ipv4;
import dev.barewire.fallback.Tcp;
import dev.barewire.fallback.Udp;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.InternetSum;
import dev.barewire.tools.frames.Octets;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FlowFrameTest {
    private final Octets frame = new Octets.OfByteBuffer(ByteBuffer.allocate(2048));

    private static FlowFrame shape(final boolean tcp) {
        return FlowFrame.of(MacAddress.parse("02:00:00:00:00:01"), MacAddress.parse("02:00:00:00:00:02"),
            new int[] {0x0a000001, 0x0a000002}, new int[] {1024, 9}, 3, tcp);
    }

    @Test
    void shouldWriteUdpWithARightHeaderChecksum() {
        shape(false).write(frame, 100);

        assertThat(frame.getMac(Ethernet.DESTINATION)).isEqualTo(0x0200_0000_0002L);
        assertThat(frame.getMac(Ethernet.SOURCE)).isEqualTo(0x0200_0000_0001L);
        assertThat(frame.get16(FrameWriter.IP + Ipv4.TOTAL_LENGTH)).isEqualTo(86);
        assertThat(frame.get16(FrameWriter.L4 + Udp.LENGTH)).isEqualTo(66);
        assertThat(InternetSum.of(frame, FrameWriter.IP, Ipv4.MIN_LENGTH, 0)).isEqualTo(0xffff);
    }

    @Test
    void shouldWriteTcpWithAHeaderOfFiveWords() {
        shape(true).write(frame, 100);

        assertThat(frame.get8(FrameWriter.IP + Ipv4.PROTOCOL)).isEqualTo(Ipv4.PROTOCOL_TCP);
        assertThat(frame.get8(FrameWriter.L4 + Tcp.DATA_OFFSET)).isEqualTo(0x50);
        assertThat(frame.get8(FrameWriter.L4 + Tcp.FLAGS)).isEqualTo(Tcp.ACK | Tcp.PSH);
        assertThat(InternetSum.of(frame, FrameWriter.IP, Ipv4.MIN_LENGTH, 0)).isEqualTo(0xffff);
    }

    @Test
    void shouldTellFlowsApartByTheirSourcePortAndStampEachFrame() {
        final FlowFrame shape = shape(false);

        for (int i = 0; i < 7; i++) {
            shape.stamp(frame, 0x1_0000_0000L * 3 + i, 0x1122_3344_5566_7788L);

            assertThat(frame.get16(FrameWriter.L4 + Udp.SOURCE_PORT)).isEqualTo(1024 + i % 3);
            assertThat(frame.get32(FrameWriter.UDP_PAYLOAD)).isEqualTo(3);
            assertThat(frame.get32(FrameWriter.UDP_PAYLOAD + 4)).isEqualTo(i);
            assertThat(frame.get32(FrameWriter.UDP_PAYLOAD + FlowFrame.TIME)).isEqualTo(0x1122_3344);
            assertThat(frame.get32(FrameWriter.UDP_PAYLOAD + FlowFrame.TIME + 4)).isEqualTo(0x5566_7788);
        }
    }

    @Test
    void shouldHaveRoomForTheStampInTheShortestFrame() {
        assertThat(shape(false).leastLength()).isEqualTo(60);
        assertThat(shape(true).leastLength()).isEqualTo(70);
    }

    @Test
    void shouldFollowAChangeInAChecksum() {
        shape(false).write(frame, 60);
        for (final int ttl : new int[] {0, 1, 63, 64, 128, 255}) {
            final int before = frame.get16(FrameWriter.IP + Ipv4.TIME_TO_LIVE);
            frame.put8(FrameWriter.IP + Ipv4.TIME_TO_LIVE, ttl);
            Responder.adjust(frame, FrameWriter.IP + Ipv4.CHECKSUM, before, frame.get16(FrameWriter.IP + Ipv4.TIME_TO_LIVE));

            assertThat(InternetSum.of(frame, FrameWriter.IP, Ipv4.MIN_LENGTH, 0)).as("TTL %d", ttl).isEqualTo(0xffff);
        }
    }
}

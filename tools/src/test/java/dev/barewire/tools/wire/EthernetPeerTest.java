package dev.barewire.tools.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.frames.FrameWriter;
import dev.barewire.tools.frames.Octets;
import dev.barewire.tools.frames.Station;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EthernetPeerTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(5);

    private final Station here = new Station(0x525400000001L, Station.ip(10, 0, 2, 1), 5000);
    private final Station there = new Station(0x525400000002L, Station.ip(10, 0, 2, 2), 6000);
    private StreamWire nearWire;
    private EthernetPeer near;
    private EthernetPeer far;

    @BeforeEach
    void plugIn() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            nearWire = StreamWire.connect(server.getLocalAddress());
            near = new EthernetPeer(nearWire, here);
            far = new EthernetPeer(StreamWire.accept(server), there);
        }
    }

    @AfterEach
    void unplug() throws IOException {
        near.close();
        far.close();
    }

    @Test
    void shouldResolveAndPing() throws IOException {
        Station found = near.resolve(there.ip(), LONG);
        assertThat(found.mac()).isEqualTo(there.mac());
        assertThat(near.ping(found, 3, 56, LONG)).isEqualTo(3);
        assertThat(near.ping(found, 2, 8972, LONG)).isEqualTo(2);
        assertThat(near.resolve(Station.ip(10, 0, 2, 99), SHORT)).isNull();
    }

    @Test
    void shouldCarryDatagramsOfAnySize() throws IOException {
        for (int bytes : new int[] {0, 1, 17, 18, 1472, 8972}) {
            ByteBuffer payload = ByteBuffer.allocate(bytes);
            for (int i = 0; i < bytes; i++) {
                payload.put(i, (byte) (i * 7));
            }
            near.send(there, payload.duplicate());
            assertThat(far.receive(LONG.toNanos())).isEqualTo(payload);
        }
        assertThat(far.wrongSums()).isZero();
    }

    @Test
    void shouldDropWhatIsWrongOrForOthers() throws IOException {
        for (int broken : new int[] {FrameWriter.IP + 8, FrameWriter.L4 + 6, FrameWriter.UDP_PAYLOAD}) {
            ByteBuffer frame = datagram(there);
            frame.put(broken, (byte) (frame.get(broken) ^ 0x10));
            nearWire.send(frame);
        }
        nearWire.send(datagram(new Station(there.mac(), Station.ip(10, 0, 2, 3), 6000)));
        nearWire.send(datagram(new Station(there.mac(), there.ip(), 6001)));
        ByteBuffer cut = datagram(there);
        nearWire.send(cut.limit(50));
        assertThat(far.receive(SHORT.toNanos())).isNull();
        assertThat(far.wrongSums()).isEqualTo(3);
    }

    @Test
    void shouldSaySoWhenTheCableIsCut() throws IOException {
        far.close();
        assertThatThrownBy(() -> near.receive(LONG.toNanos())).isInstanceOf(IOException.class);
    }

    private ByteBuffer datagram(Station to) {
        ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MIN_FRAME);
        Octets octets = new Octets.OfByteBuffer(frame);
        FrameWriter.udp(octets, here, to, 18);
        FrameWriter.sumUdp(octets);
        return frame;
    }
}

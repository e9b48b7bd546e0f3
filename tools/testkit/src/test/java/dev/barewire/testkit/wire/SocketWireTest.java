package dev.barewire.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SocketWireTest {
    @TempDir
    private Path folder;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[Wire.MAX_FRAME]);
    private ServerSocketChannel server;
    private SocketChannel peer;
    private SocketWire wire;

    @BeforeEach
    void connect() throws IOException {
        final SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("wire"));
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        wire = SocketWire.connect(address);
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        peer.close();
        server.close();
    }

    @Test
    void shouldSendFramesBehindTheirLengths() throws IOException {
        frame.putBytes(7, new byte[] {1, 2, 3});
        assertThat(wire.send(frame, 7, 3)).isTrue();
        assertThat(read(7)).containsExactly(0, 0, 0, 3, 1, 2, 3);
    }

    @Test
    void shouldKeepPostedFramesUntilTheBurstEnds() throws IOException {
        assertThat(wire.post(frame, 0, 60)).isTrue();
        assertThat(wire.post(frame, 0, 60)).isTrue();
        peer.configureBlocking(false);
        assertThat(peer.read(ByteBuffer.allocate(1000))).isZero();
        wire.flush();
        assertThat(peer.read(ByteBuffer.allocate(1000))).isEqualTo(128);
        wire.post(frame, 0, 1);
        wire.poll((buffer, offset, length) -> { }, 1);
        assertThat(peer.read(ByteBuffer.allocate(1000))).isEqualTo(5);
    }

    @Test
    void shouldPutFramesTogetherWhenTheyComeInPieces() throws IOException {
        final StringBuilder seen = new StringBuilder();
        for (final byte b : new byte[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9}) {
            peer.write(ByteBuffer.wrap(new byte[] {b}));
            wire.poll((buffer, offset, length) -> seen.append(length).append(':').append(buffer.getByte(offset)).append(' '), 9);
        }
        assertThat(seen).hasToString("2:7 1:9 ");
    }

    @Test
    void shouldGiveNoMoreFramesThanAreAskedForAndKeepTheRest() throws IOException {
        peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0, 0, 1, 3}));
        final StringBuilder seen = new StringBuilder();
        assertThat(wire.poll((buffer, offset, length) -> seen.append(buffer.getByte(offset)), 2)).isEqualTo(2);
        assertThat(wire.poll((buffer, offset, length) -> seen.append(buffer.getByte(offset)), 2)).isEqualTo(1);
        assertThat(seen).hasToString("123");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Wire.MAX_FRAME + 1})
    void shouldCutTheWireAndSayWhyWhenALengthCannotBe(final int mad) throws IOException {
        peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 5}));
        peer.write(ByteBuffer.allocate(4).putInt(0, mad));
        final int[] frames = new int[1];
        while (wire.fault().isEmpty()) {
            wire.poll((buffer, offset, length) -> frames[0]++, 9);
        }
        assertThat(frames[0]).isOne();
        assertThat(wire.fault()).contains("announces a frame of " + Integer.toUnsignedString(mad) + " bytes");
        assertThat(wire.send(frame, 0, 60)).isFalse();
        assertThat(wire.poll((buffer, offset, length) -> frames[0]++, 9)).isZero();
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void shouldGiveWhatCameBeforeTheOtherSideHungUpAndSaySo() throws IOException {
        peer.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0, 0, 9}));
        peer.close();
        final int[] frames = new int[1];
        while (wire.fault().isEmpty()) {
            wire.poll((buffer, offset, length) -> frames[0]++, 1);
        }
        wire.poll((buffer, offset, length) -> frames[0]++, 9);
        assertThat(frames[0]).isEqualTo(2);
        assertThat(wire.fault()).contains("hung up");
        assertThat(wire.send(frame, 0, 60)).isFalse();
    }

    @Test
    void shouldBeCutByASendWhenNobodyPolls() throws IOException {
        peer.close();
        while (wire.send(frame, 0, 60)) {
            Thread.onSpinWait();
        }
        assertThat(wire.fault()).contains("cut");
    }

    @Test
    void shouldNotSpeakOfAFaultWhenItIsClosedHere() {
        wire.close();
        wire.close();
        assertThat(wire.send(frame, 0, 60)).isFalse();
        assertThat(wire.poll((buffer, offset, length) -> { }, 9)).isZero();
        assertThat(wire.fault()).isEmpty();
    }

    @Test
    void shouldRefuseFramesWhenItIsFullAndLoseNoneOfThoseTaken() throws IOException {
        int sent = 0;
        while (true) {
            frame.putInt(0, sent);
            if (!wire.send(frame, 0, 1514)) {
                break;
            }
            sent++;
        }
        assertThat(sent).isGreaterThan(600);
        try (SocketWire other = SocketWire.over(peer)) {
            final int[] next = new int[1];
            while (next[0] < sent) {
                wire.flush();
                other.poll((buffer, offset, length) -> {
                    assertThat(length).isEqualTo(1514);
                    assertThat(buffer.getInt(offset)).isEqualTo(next[0]++);
                }, 64);
            }
            assertThat(wire.send(frame, 0, 1514)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCarryBurstsBothWaysAtOnce(final boolean unix) throws Exception {
        final SocketWire near;
        final SocketWire far;
        if (unix) {
            near = wire;
            far = SocketWire.over(peer);
        } else {
            try (ServerSocketChannel tcp = ServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                near = SocketWire.connect(tcp.getLocalAddress());
                far = SocketWire.accept(tcp);
            }
        }
        final int frames = 100_000;
        final Thread other = Thread.ofPlatform().start(() -> exchange(far, frames));
        exchange(near, frames);
        other.join();
        assertThat(near.fault() + far.fault()).isEmpty();
        near.close();
        far.close();
    }

    /** Sends numbered frames of many lengths in bursts, and takes as many from the other end, until both have all. */
    private static void exchange(final SocketWire wire, final int frames) {
        final UnsafeBuffer mine = new UnsafeBuffer(new byte[Wire.MAX_FRAME]);
        final int[] next = new int[1];
        int sent = 0;
        while (sent < frames || next[0] < frames) {
            for (int i = 0; i < 64 && sent < frames; i++) {
                mine.putInt(0, sent);
                if (!wire.post(mine, 0, length(sent))) {
                    break;
                }
                sent++;
            }
            wire.flush();
            wire.poll((buffer, offset, length) -> {
                final int i = next[0]++;
                if (buffer.getInt(offset) != i || length != length(i)) {
                    throw new AssertionError("frame " + i + " is " + buffer.getInt(offset) + " of " + length);
                }
            }, 64);
        }
        // What the socket did not take must still leave.
        final long end = System.nanoTime() + 200_000_000L;
        while (System.nanoTime() - end < 0) {
            wire.flush();
        }
    }

    private static int length(final int number) {
        return number % 997 == 0 ? Wire.MAX_FRAME : 60 + number % 1455;
    }

    private byte[] read(final int bytes) throws IOException {
        final ByteBuffer seen = ByteBuffer.allocate(bytes);
        while (seen.hasRemaining()) {
            peer.read(seen);
        }
        return seen.array();
    }
}

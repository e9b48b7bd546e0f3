package dev.barewire.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class StreamWireTest {
    @TempDir
    private Path folder;

    @Test
    void shouldCarryFramesBehindTheirLengths() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("wire"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                StreamWire wire = StreamWire.connect(address);
                SocketChannel other = server.accept()) {
            wire.send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            ByteBuffer seen = ByteBuffer.allocate(7);
            while (seen.hasRemaining()) {
                other.read(seen);
            }
            assertThat(seen.array()).containsExactly(0, 0, 0, 3, 1, 2, 3);
        }
    }

    @Test
    void shouldPutFramesTogetherWhenTheyComeInPieces() throws IOException {
        try (ServerSocketChannel server = tcp();
                SocketChannel other = SocketChannel.open(server.getLocalAddress());
                StreamWire wire = StreamWire.accept(server)) {
            for (byte b : new byte[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9}) {
                other.write(ByteBuffer.wrap(new byte[] {b}));
            }
            other.shutdownOutput();
            ByteBuffer frame = ByteBuffer.allocate(StreamWire.MAX_FRAME);
            assertThat(wire.receive(frame)).isTrue();
            assertThat(frame).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8}));
            assertThat(wire.receive(frame)).isTrue();
            assertThat(frame).isEqualTo(ByteBuffer.wrap(new byte[] {9}));
            assertThat(wire.receive(frame)).isFalse();
        }
    }

    @Test
    void shouldRefuseLengthsThatCannotBe() throws IOException {
        for (int length : new int[] {0, -1, StreamWire.MAX_FRAME + 1}) {
            try (ServerSocketChannel server = tcp();
                    SocketChannel other = SocketChannel.open(server.getLocalAddress());
                    StreamWire wire = StreamWire.accept(server)) {
                other.write(ByteBuffer.allocate(4).putInt(0, length));
                assertThatThrownBy(() -> wire.receive(ByteBuffer.allocate(StreamWire.MAX_FRAME)))
                        .isInstanceOf(IOException.class).hasMessageContaining("frame of " + length);
            }
        }
    }

    static ServerSocketChannel tcp() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}

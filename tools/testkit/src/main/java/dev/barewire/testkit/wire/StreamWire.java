package dev.barewire.testkit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An Ethernet cable over a stream socket, as QEMU's {@code -netdev stream} lays it: each frame behind its length in 4 bytes,
 * big-endian. One thread may receive while others send.
 */
public final class StreamWire implements AutoCloseable {
    /** The longest frame that is carried: no card of QEMU sends longer ones. */
    public static final int MAX_FRAME = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer incomingLength = ByteBuffer.allocateDirect(Integer.BYTES);
    private final ByteBuffer[] outgoing = {ByteBuffer.allocateDirect(Integer.BYTES), null};

    private StreamWire(SocketChannel channel) throws IOException {
        this.channel = channel;
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /**
     * Connects to a QEMU that listens ({@code server=on}).
     *
     * @param address of a Unix socket, or of TCP on loopback
     * @return the cable
     * @throws IOException if nobody listens there
     */
    public static StreamWire connect(SocketAddress address) throws IOException {
        return new StreamWire(SocketChannel.open(address));
    }

    /**
     * Waits for a QEMU that connects ({@code server=off}).
     *
     * @param server the listening socket, which stays open
     * @return the cable
     * @throws IOException if the server was closed
     */
    public static StreamWire accept(ServerSocketChannel server) throws IOException {
        return new StreamWire(server.accept());
    }

    /**
     * Sends a frame; waits while the cable is full.
     *
     * @param frame from its position to its limit
     * @throws IOException if the cable is cut
     */
    public synchronized void send(ByteBuffer frame) throws IOException {
        outgoing[0].clear().putInt(frame.remaining()).flip();
        outgoing[1] = frame;
        while (frame.hasRemaining()) {
            channel.write(outgoing);
        }
    }

    /**
     * Waits for a frame.
     *
     * @param into where to, of {@link #MAX_FRAME} bytes; from 0 to its limit afterwards
     * @return false when the other side has hung up
     * @throws IOException if the cable is cut, or the other side's lengths make no sense
     */
    public boolean receive(ByteBuffer into) throws IOException {
        if (!fill(incomingLength.clear())) {
            return false;
        }
        int length = incomingLength.getInt(0);
        if (length < 1 || length > into.capacity()) {
            throw new IOException("the wire's other side announces a frame of " + length + " bytes; at most "
                    + into.capacity() + " can be");
        }
        return fill(into.clear().limit(length));
    }

    /** Reads until the buffer is full and flips it. */
    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        buffer.flip();
        return true;
    }

    /** Cuts the cable; a thread in {@link #receive} gets an exception. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

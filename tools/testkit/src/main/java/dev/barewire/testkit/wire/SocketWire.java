package dev.barewire.testkit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An end of a cable over a stream socket, as QEMU's {@code -netdev stream} lays it: each frame behind its length in 4 bytes,
 * big-endian. It waits for nobody: a system call carries as many frames as there are, up to {@value #BUFFER} bytes, and
 * frames for which there is no room are refused. What the socket does not take at once leaves with the next send, flush or
 * poll, so the poller must go on until the other end has all.
 *
 * <p>It is cut when the other end hangs up or announces a length that no frame has; {@link #fault()} tells which. Whole
 * frames that came before can still be polled.
 */
public final class SocketWire implements Wire {
    /** Bytes that wait here in each direction at most. */
    private static final int BUFFER = 1 << 20;
    private static final int LENGTH_BYTES = Integer.BYTES;
    /** What is asked of the kernel for a Unix socket, which charges some 700 bytes for the shortest frame. */
    private static final int KERNEL_BUFFER = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final UnsafeBuffer received = new UnsafeBuffer(in);
    private final UnsafeBuffer posted = new UnsafeBuffer(out);
    /** Where the received bytes that nobody has taken begin and end. */
    private int head;
    private int tail;
    /** Where the bytes that the socket has not taken begin and end; both, and writing, under the lock of {@link #posted}. */
    private int firstPosted;
    private volatile int endPosted;
    private volatile String fault = "";
    private volatile boolean closed;

    private SocketWire(final SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } else {
            // TCP sizes its buffers by itself, and better if it is not told.
            channel.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
        }
    }

    /**
     * Connects to a QEMU that listens ({@code server=on}).
     *
     * @param address of a Unix socket, or of TCP on loopback
     * @return the end
     * @throws IOException if nobody listens there
     */
    public static SocketWire connect(final SocketAddress address) throws IOException {
        return over(SocketChannel.open(address));
    }

    /**
     * Waits for a QEMU that connects ({@code server=off}).
     *
     * @param server the listening socket, which stays open; if it does not block, someone must have come
     * @return the end
     * @throws IOException if the server was closed
     */
    public static SocketWire accept(final ServerSocketChannel server) throws IOException {
        return over(server.accept());
    }

    /**
     * Lays a cable over a socket.
     *
     * @param channel connected; the wire's own from now on
     * @return the end
     * @throws IOException if the socket is closed
     */
    public static SocketWire over(final SocketChannel channel) throws IOException {
        try {
            return new SocketWire(channel);
        } catch (final IOException refused) {
            channel.close();
            throw refused;
        }
    }

    @Override
    public boolean send(final DirectBuffer frame, final int offset, final int length) {
        final boolean sent = post(frame, offset, length);
        flush();
        return sent;
    }

    @Override
    public boolean post(final DirectBuffer frame, final int offset, final int length) {
        Frames.checkLength(length);
        synchronized (posted) {
            if (endPosted + LENGTH_BYTES + length > BUFFER && !makeRoom(LENGTH_BYTES + length) || isCut()) {
                return false;
            }
            final int at = endPosted;
            posted.putInt(at, length, ByteOrder.BIG_ENDIAN);
            posted.putBytes(at + LENGTH_BYTES, frame, offset, length);
            endPosted = at + LENGTH_BYTES + length;
            return true;
        }
    }

    private boolean makeRoom(final int bytes) {
        write();
        if (firstPosted > 0) {
            final int waiting = endPosted - firstPosted;
            posted.putBytes(0, posted, firstPosted, waiting);
            firstPosted = 0;
            endPosted = waiting;
        }
        return endPosted + bytes <= BUFFER;
    }

    @Override
    public void flush() {
        synchronized (posted) {
            write();
        }
    }

    /** Gives the socket what it takes. */
    private void write() {
        if (firstPosted == endPosted || isCut()) {
            return;
        }
        try {
            channel.write(out.limit(endPosted).position(firstPosted));
            firstPosted = out.position();
        } catch (final IOException broken) {
            cut("the wire is cut: " + broken.getMessage());
        }
        if (firstPosted == endPosted) {
            firstPosted = 0;
            endPosted = 0;
        }
    }

    @Override
    public int poll(final FrameHandler handler, final int limit) {
        if (closed) {
            return 0;
        }
        if (endPosted > 0) {
            flush();
        }
        final int count = deliver(handler, limit);
        if (count == limit || !read()) {
            return count;
        }
        return count + deliver(handler, limit - count);
    }

    /** Gives whole frames that are here. */
    private int deliver(final FrameHandler handler, final int limit) {
        int count = 0;
        while (count < limit && tail - head >= LENGTH_BYTES) {
            final int length = received.getInt(head, ByteOrder.BIG_ENDIAN);
            if (length < 1 || length > MAX_FRAME) {
                cut("the wire's other side announces a frame of " + Integer.toUnsignedString(length)
                    + " bytes; a frame has 1 to " + MAX_FRAME);
                break;
            }
            final int frame = head + LENGTH_BYTES;
            if (tail - frame < length) {
                break;
            }
            head = frame + length;
            count++;
            handler.onFrame(received, frame, length);
        }
        return count;
    }

    /** Takes what the socket has, behind what is left of a frame; false if nothing came. */
    private boolean read() {
        if (isCut()) {
            return false;
        }
        if (head == tail) {
            head = 0;
            tail = 0;
        } else if (BUFFER - head < MAX_FRAME + LENGTH_BYTES) {
            received.putBytes(0, received, head, tail - head);
            tail -= head;
            head = 0;
        }
        try {
            final int count = channel.read(in.limit(BUFFER).position(tail));
            if (count < 0) {
                cut("the wire's other side has hung up");
            }
            tail += Math.max(0, count);
            return count > 0;
        } catch (final IOException broken) {
            cut("the wire is cut: " + broken.getMessage());
            return false;
        }
    }

    /**
     * Why nothing comes or goes any more.
     *
     * @return a sentence; empty while the wire is whole, and after {@link #close()} if it was whole until then
     */
    public String fault() {
        return fault;
    }

    private boolean isCut() {
        return !channel.isOpen();
    }

    private synchronized void cut(final String why) {
        if (!isCut()) {
            fault = why;
            hangUp();
        }
    }

    @Override
    public void close() {
        closed = true;
        hangUp();
    }

    private void hangUp() {
        try {
            channel.close();
        } catch (final IOException ignored) {
            // It is of no use any more, whatever the system says of it.
        }
    }
}

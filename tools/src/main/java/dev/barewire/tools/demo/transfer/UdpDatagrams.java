package dev.barewire.tools.demo.transfer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** Datagrams of an ordinary UDP socket on loopback. */
public final class UdpDatagrams implements Datagrams {
    private static final int SOCKET_BUFFER = 4 << 20;

    private final DatagramChannel channel;
    private final Selector selector;

    /**
     * Opens a socket.
     *
     * @param port the peer's port on loopback
     * @throws IOException if there is no socket to be had
     */
    public UdpDatagrams(int port) throws IOException {
        channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    @Override
    public void send(ByteBuffer datagram) throws IOException {
        try {
            channel.write(datagram);
        } catch (PortUnreachableException e) {
            // Nobody listens yet: lost, like any other.
            datagram.position(datagram.limit());
        }
    }

    @Override
    public boolean receive(ByteBuffer into, long nanos) throws IOException {
        if (read(into)) {
            return true;
        }
        if (nanos == 0) {
            return false;
        }
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        selector.selectedKeys().clear();
        return read(into);
    }

    private boolean read(ByteBuffer into) throws IOException {
        into.clear();
        try {
            channel.read(into);
        } catch (PortUnreachableException e) {
            // What was sent earlier came to nobody.
            into.clear();
        }
        into.flip();
        return into.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}

package dev.barewire.testkit.model;

import dev.barewire.SetupException;
import dev.barewire.testkit.wire.Cable;
import dev.barewire.testkit.wire.SocketWire;
import dev.barewire.testkit.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Where a model's cable leads, and the thread that the card at its end lives on. */
final class ModelWires {
    private static final String CABLE = "cable:";
    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";
    /** All that a thread has to do is signalled to it; this is for what cannot be, such as a clock. */
    private static final long LONG_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** A socket is only polled. */
    private static final long SOCKET_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** The threads of named cables, which both their cards share: frames then go from one to the other without a wait. */
    private static final Map<String, Shared> SHARED = new HashMap<>();

    private ModelWires() {
    }

    /**
     * A card's end of a cable.
     *
     * @param near   what the card has
     * @param far    the other end, or null if that is elsewhere
     * @param thread where the card shall live
     */
    record Plug(Wire near, Wire far, CardThread thread) {
        /** Why the cable is cut, or an empty string. */
        String fault() {
            return near instanceof SocketWire socket ? socket.fault() : "";
        }
    }

    private static final class Shared {
        private final CardThread thread;
        private int users;

        Shared(final CardThread thread) {
            this.thread = thread;
        }
    }

    /** Cuts a card's cable, when its thread has left the card. */
    static void unplug(final Plug plug) {
        plug.near().close();
        synchronized (SHARED) {
            SHARED.values().removeIf(shared -> shared.thread == plug.thread() && --shared.users == 0);
        }
    }

    static Plug plug(final String name, final String wire) {
        if (wire.isEmpty()) {
            final Cable cable = new Cable();
            final CardThread thread = new CardThread(name, LONG_NAP_NANOS);
            return new Plug(cable.a(), new SignallingEnd(cable.b(), thread), thread);
        }
        if (wire.startsWith(CABLE) && wire.length() > CABLE.length()) {
            final Wire end = Cable.named(wire.substring(CABLE.length()));
            synchronized (SHARED) {
                final Shared shared =
                    SHARED.computeIfAbsent(wire, same -> new Shared(new CardThread("model:" + wire, LONG_NAP_NANOS)));
                shared.users++;
                return new Plug(end, null, shared.thread);
            }
        }
        return new Plug(connect(wire), null, new CardThread(name, SOCKET_NAP_NANOS));
    }

    private static Wire connect(final String wire) {
        final SocketAddress address;
        if (wire.startsWith(UNIX) && wire.length() > UNIX.length()) {
            address = UnixDomainSocketAddress.of(wire.substring(UNIX.length()));
        } else if (wire.matches(TCP + ".+:[0-9]{1,5}")) {
            final int colon = wire.lastIndexOf(':');
            address = new InetSocketAddress(wire.substring(TCP.length(), colon),
                Math.min(0xffff, Integer.parseInt(wire.substring(colon + 1))));
        } else {
            throw new SetupException("'wire=" + wire + "' is no place where a cable can lead",
                "write wire=cable:<name>, wire=unix:<path> or wire=tcp:<host>:<port>; or leave it away, to hold the far end");
        }
        try {
            return SocketWire.connect(address);
        } catch (final IOException | RuntimeException refused) {
            throw new SetupException("nobody can be reached at 'wire=" + wire + "': " + refused,
                "start what shall be at the other end first: a QEMU with -netdev stream,server=on, or a socket of your own",
                refused);
        }
    }

    /** The far end, which tells the card's thread that a frame has come. */
    private record SignallingEnd(Wire end, CardThread thread) implements Wire {
        @Override
        public boolean send(final DirectBuffer frame, final int offset, final int length) {
            final boolean sent = end.send(frame, offset, length);
            thread.signal();
            return sent;
        }

        @Override
        public int poll(final FrameHandler handler, final int limit) {
            return end.poll(handler, limit);
        }

        @Override
        public void close() {
            end.close();
        }
    }
}

package dev.barewire.tools.demo.transfer;

import dev.barewire.tools.frames.Station;
import dev.barewire.tools.wire.EthernetPeer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Datagrams of a raw Ethernet station, for frames that an ordinary socket cannot make. */
public final class PeerDatagrams implements Datagrams {
    private final EthernetPeer peer;
    private final Station to;

    /**
     * Talks to another station.
     *
     * @param peer this end, which stays open
     * @param to the other
     */
    public PeerDatagrams(EthernetPeer peer, Station to) {
        this.peer = peer;
        this.to = to;
    }

    @Override
    public void send(ByteBuffer datagram) throws IOException {
        peer.send(to, datagram);
    }

    @Override
    public boolean receive(ByteBuffer into, long nanos) throws IOException {
        ByteBuffer payload = peer.receive(nanos);
        into.clear();
        if (payload == null) {
            into.flip();
            return false;
        }
        int bytes = Math.min(payload.limit(), into.capacity());
        into.put(0, payload, 0, bytes).limit(bytes);
        return true;
    }

    @Override
    public void close() {
        // The peer is its owner's to close.
    }
}

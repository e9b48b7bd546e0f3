package dev.barewire.tools.demo;

import dev.barewire.tools.frames.Station;

/** Who is who in the demo's network, 10.0.2.0/24: the addresses are those of QEMU's user network. */
final class DemoNetwork {
    /** The card's Ethernet address. */
    static final String CARD_MAC = "52:54:00:12:34:56";
    /** The card's IPv4 address. */
    static final int CARD_IP = Station.ip(10, 0, 2, 15);
    /** The card's UDP port. */
    static final int CARD_PORT = 7400;
    /** The gateway: QEMU's user network, or the raw Ethernet peer where frames are longer than that can carry. */
    static final int GATEWAY_IP = Station.ip(10, 0, 2, 2);
    /** The raw Ethernet peer, where it is not the gateway. */
    static final int PEER_IP = Station.ip(10, 0, 2, 77);
    /** The raw Ethernet peer's UDP port. */
    static final int PEER_PORT = 7401;
    /** The raw Ethernet peer's address. */
    static final long PEER_MAC = 0x5254_00ba_5e77L;
    /** The longest IPv4 packet that QEMU's user network carries. */
    static final int USER_NETWORK_MTU = 1500;

    private DemoNetwork() {
    }
}

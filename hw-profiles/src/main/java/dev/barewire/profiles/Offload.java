package dev.barewire.profiles;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a card may do for the CPU. One vocabulary for profiles, plans, the command line and reports. */
public enum Offload {
    /** Verify the IPv4 header checksum of received frames. */
    RX_IP_CHECKSUM,
    /** Verify the TCP checksum of received frames. */
    RX_TCP_CHECKSUM,
    /** Verify the UDP checksum of received frames. */
    RX_UDP_CHECKSUM,
    /** Fill in the IPv4 header checksum of sent frames. */
    TX_IP_CHECKSUM,
    /** Fill in the TCP checksum of sent frames. */
    TX_TCP_CHECKSUM,
    /** Fill in the UDP checksum of sent frames. */
    TX_UDP_CHECKSUM,
    /** Cut a large TCP frame into segments. */
    TX_TCP_SEGMENTATION,
    /** Put the header of a received frame apart from its payload. */
    HEADER_SPLIT,
    /** Send a frame from many segments. */
    SCATTER_GATHER,
    /** Put a VLAN tag into sent frames. */
    VLAN_INSERT,
    /** Take the VLAN tag off received frames. */
    VLAN_STRIP,
    /** Take in only frames of chosen VLANs. */
    VLAN_FILTER,
    /** Tell a hash of a received frame's flow. */
    RSS_HASH,
    /** Spread received frames over queues. */
    MULTI_QUEUE,
    /** Carry frames above 1518 bytes. */
    JUMBO;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Its name in profiles, on the command line and in reports.
     *
     * @return such as {@code tx-udp-checksum}
     */
    public String label() {
        return label;
    }

    /**
     * Whether the CPU can do it, exactly as a card would, where the card cannot.
     *
     * @return false for what only a card can do
     */
    public boolean hasSoftware() {
        return switch (this) {
            case VLAN_FILTER, RSS_HASH, MULTI_QUEUE, JUMBO -> false;
            default -> true;
        };
    }

    /**
     * Finds an offload by its label.
     *
     * @param label such as {@code tx-udp-checksum}
     * @return the offload, or nothing
     */
    public static Optional<Offload> byLabel(final String label) {
        return Stream.of(values()).filter(offload -> offload.label.equals(label)).findFirst();
    }
}

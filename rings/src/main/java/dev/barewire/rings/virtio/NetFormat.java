package dev.barewire.rings.virtio;

/**
 * What a network device and its driver agreed on for the header in front of each frame (section 5.1.9).
 *
 * @param hashReport   VIRTIO_NET_F_HASH_REPORT: the header is 20 bytes long and carries the flow's hash
 * @param mergeable    VIRTIO_NET_F_MRG_RXBUF: a received frame may go on in the next buffers
 * @param checksum     VIRTIO_NET_F_CSUM: the device makes TCP and UDP checksums
 * @param tso4         VIRTIO_NET_F_HOST_TSO4: it cuts TCP over IPv4
 * @param tso6         VIRTIO_NET_F_HOST_TSO6: it cuts TCP over IPv6
 * @param ecn          VIRTIO_NET_F_HOST_ECN: also where the TCP header has CWR set
 * @param uso          VIRTIO_NET_F_HOST_USO: it cuts UDP
 */
public record NetFormat(
    boolean hashReport, boolean mergeable, boolean checksum, boolean tso4, boolean tso6, boolean ecn, boolean uso) {
    /** Nothing but frames. */
    public static final NetFormat PLAIN = new NetFormat(false, false, false, false, false, false, false);

    /** Refuses what needs checksums and has none. */
    public NetFormat {
        if (!checksum && (tso4 || tso6 || uso) || ecn && !tso4 && !tso6) {
            throw new IllegalArgumentException("segmentation needs VIRTIO_NET_F_CSUM, and HOST_ECN needs HOST_TSO (5.1.3.1)");
        }
    }

    /**
     * How long the header in front of a frame is, in both directions.
     *
     * @return bytes
     */
    public int headerBytes() {
        return hashReport ? NetHeader.HASH_BYTES : NetHeader.BYTES;
    }
}

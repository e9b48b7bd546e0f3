package dev.barewire.driver.virtio;

import dev.barewire.SetupException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network device tells of itself (section 5.1.4), read at one moment. A field that belongs to a feature that is not
 * offered has the value that stands for nothing.
 *
 * @param mac           its address, the first byte on the wire in bits 47 to 40; 0 for none
 * @param pairs         how many receive queues, and as many to send, it has
 * @param mtu           the largest MTU; {@link #ANY_MTU} for no limit
 * @param mbps          its speed in megabits a second; 0 if it does not know
 * @param fullDuplex    whether both ends may send at once; true if it does not know
 * @param rssKeyBytes   the longest key of its hash
 * @param rssTableSize  the most entries of its table of queues
 * @param hashTypes     which flows it can hash
 */
record VirtioNetConfig(
    long mac, int pairs, int mtu, int mbps, boolean fullDuplex, int rssKeyBytes, int rssTableSize, int hashTypes) {
    /** Bytes of the structure that are looked at in any case: none. */
    static final int LEAST_BYTES = 1;
    /** No limit but the one of the length field. */
    static final int ANY_MTU = 65535;

    private static final int MAC = 0;
    private static final int STATUS = 6;
    private static final int MAX_PAIRS = 8;
    private static final int MTU = 10;
    private static final int SPEED = 12;
    private static final int DUPLEX = 16;
    private static final int RSS_KEY_BYTES = 17;
    private static final int RSS_TABLE = 18;
    private static final int HASH_TYPES = 20;
    private static final int END = 24;

    private static final int LINK_UP = 1;
    private static final int ANNOUNCE = 1 << 1;
    private static final int HALF_DUPLEX = 0;
    private static final int MAC_BYTES = 6;
    /** So often a device may change its configuration while it is read. */
    private static final int ATTEMPTS = 100;

    /** The features, of those offered, whose fields lie in the structure as far as it goes (2.5.1). */
    static VirtioFeatures readable(final VirtioWindow window, final VirtioFeatures offered) {
        final List<VirtioFeature> beyond = new ArrayList<>();
        final int bytes = window.length();
        addIf(bytes < MAC + MAC_BYTES, beyond, VirtioFeature.MAC);
        addIf(bytes < STATUS + Short.BYTES, beyond, VirtioFeature.STATUS, VirtioFeature.GUEST_ANNOUNCE);
        addIf(bytes < MAX_PAIRS + Short.BYTES, beyond, VirtioFeature.MQ);
        addIf(bytes < MTU + Short.BYTES, beyond, VirtioFeature.MTU);
        addIf(bytes < DUPLEX + Byte.BYTES, beyond, VirtioFeature.SPEED_DUPLEX);
        addIf(bytes < END, beyond, VirtioFeature.RSS, VirtioFeature.HASH_REPORT);
        return offered.without(VirtioFeatures.of(beyond));
    }

    private static void addIf(final boolean isSo, final List<VirtioFeature> all, final VirtioFeature... more) {
        if (isSo) {
            all.addAll(List.of(more));
        }
    }

    /**
     * Reads it, again as long as it changes meanwhile (2.5.1).
     *
     * @param features those whose fields are there
     * @throws SetupException if it changes on and on, or says what cannot be
     */
    static VirtioNetConfig read(final VirtioTransport transport, final VirtioWindow window, final VirtioFeatures features) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final int before = transport.generation();
            final VirtioNetConfig config = readOnce(window, features);
            if (transport.generation() == before) {
                return config;
            }
        }
        throw new SetupException("the device changed its configuration each of " + ATTEMPTS + " times that it was read",
            "restart what provides the device");
    }

    private static VirtioNetConfig readOnce(final VirtioWindow window, final VirtioFeatures features) {
        final boolean hasPairs = features.has(VirtioFeature.MQ) || features.has(VirtioFeature.RSS);
        final boolean hasSpeed = features.has(VirtioFeature.SPEED_DUPLEX);
        final boolean hashes = features.has(VirtioFeature.RSS) || features.has(VirtioFeature.HASH_REPORT);
        return new VirtioNetConfig(features.has(VirtioFeature.MAC) ? mac(window) : 0,
            hasPairs ? window.read16(MAX_PAIRS) : 1,
            features.has(VirtioFeature.MTU) ? window.read16(MTU) : ANY_MTU,
            // Above 0x7fffffff stands for unknown, and so does any duplex but 0 and 1.
            hasSpeed ? Math.max(0, window.read32(SPEED)) : 0,
            !hasSpeed || window.read8(DUPLEX) != HALF_DUPLEX,
            hashes ? window.read8(RSS_KEY_BYTES) : 0, hashes ? window.read16(RSS_TABLE) : 0,
            hashes ? window.read32(HASH_TYPES) : 0);
    }

    private static long mac(final VirtioWindow window) {
        long mac = 0;
        for (int i = 0; i < MAC_BYTES; i++) {
            mac = mac << Byte.SIZE | window.read8(MAC + i);
        }
        return mac;
    }

    /** Whether the link is up now; only with VIRTIO_NET_F_STATUS. */
    static boolean isLinkUp(final VirtioWindow window) {
        return (window.read16(STATUS) & LINK_UP) != 0;
    }

    /** Whether the device asks the driver to announce itself; only with VIRTIO_NET_F_GUEST_ANNOUNCE. */
    static boolean asksToAnnounce(final VirtioWindow window) {
        return (window.read16(STATUS) & ANNOUNCE) != 0;
    }
}

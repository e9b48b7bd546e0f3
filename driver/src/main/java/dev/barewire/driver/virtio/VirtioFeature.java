package dev.barewire.driver.virtio;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The feature bits that this driver knows (sections 5.1.3 and 6), by their names without prefix, and what each needs besides
 * itself (5.1.3.1). Bits that are not here are passed over, whatever a device offers (2.2.1).
 */
enum VirtioFeature {
    /** The device makes checksums. */
    CSUM(0),
    /** The driver takes frames whose checksum is still to be made, and believes a device that has checked one. */
    GUEST_CSUM(1),
    /** The device tells its largest MTU. */
    MTU(3),
    /** The device has an address of its own. */
    MAC(5),
    /** The driver takes TCP over IPv4 as it was before it was cut. */
    GUEST_TSO4(7, GUEST_CSUM),
    GUEST_TSO6(8, GUEST_CSUM),
    /** Such frames may have ECN's CWR set. Needs one of the two, see {@link VirtioFeatures}. */
    GUEST_ECN(9),
    /** The device cuts TCP over IPv4. */
    HOST_TSO4(11, CSUM),
    HOST_TSO6(12, CSUM),
    /** Also where CWR is set. Needs one of the two, see {@link VirtioFeatures}. */
    HOST_ECN(13),
    /** A received frame may go on in the next buffers. */
    MRG_RXBUF(15),
    /** The device tells of its link. */
    STATUS(16),
    /** There is a control queue. */
    CTRL_VQ(17),
    /** The device can be told what to take in. */
    CTRL_RX(18, CTRL_VQ),
    /** And by VLAN. */
    CTRL_VLAN(19, CTRL_VQ),
    /** The device asks the driver to announce itself. */
    GUEST_ANNOUNCE(21, CTRL_VQ),
    /** There are several queue pairs. */
    MQ(22, CTRL_VQ),
    /** A descriptor may point at a table of descriptors. */
    INDIRECT_DESC(28),
    /** Either side may ask to be told only at a given descriptor. */
    EVENT_IDX(29),
    /** The device is not one of before virtio 1.0. */
    VERSION_1(32),
    /** The device reaches memory as other cards do, by the IOMMU. */
    ACCESS_PLATFORM(33),
    /** One ring of descriptors instead of three parts. */
    RING_PACKED(34),
    /** Buffers come back in the order in which they were given. */
    IN_ORDER(35),
    /** The device must be ordered against as hardware is. */
    ORDER_PLATFORM(36),
    /** A notification says how far the driver is. */
    NOTIFICATION_DATA(38),
    /** A notification names its queue by a number that the device chooses. */
    NOTIF_CONFIG_DATA(39),
    /** A queue can be reset by itself. */
    RING_RESET(40),
    /** The driver takes UDP datagrams as they were before they were cut. */
    GUEST_USO4(54, GUEST_CSUM),
    GUEST_USO6(55, GUEST_CSUM),
    /** The device cuts UDP. */
    HOST_USO(56, CSUM),
    /** Each received frame comes with a hash. */
    HASH_REPORT(57, CTRL_VQ),
    /** The driver tells exactly how long a frame's headers are. */
    GUEST_HDRLEN(59),
    /** The device spreads frames over queues by their hash. */
    RSS(60, CTRL_VQ),
    /** The device tells its speed and duplex. */
    SPEED_DUPLEX(63);

    private final int bit;
    private final List<VirtioFeature> needs;

    VirtioFeature(final int bit, final VirtioFeature... needs) {
        this.bit = bit;
        this.needs = List.of(needs);
    }

    /** {@return its bit, alone} */
    long mask() {
        return 1L << bit;
    }

    /** {@return a set of it alone} */
    VirtioFeatures alone() {
        return new VirtioFeatures(mask());
    }

    /** {@return all features that it is worth nothing without} */
    List<VirtioFeature> needs() {
        return needs;
    }

    /** {@return the feature of a name} */
    static Optional<VirtioFeature> byName(final String name) {
        return Stream.of(values()).filter(feature -> feature.name().equals(name)).findFirst();
    }
}

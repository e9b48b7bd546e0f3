package dev.barewire.driver.virtio;

import static dev.barewire.driver.virtio.VirtioFeature.ACCESS_PLATFORM;
import static dev.barewire.driver.virtio.VirtioFeature.CSUM;
import static dev.barewire.driver.virtio.VirtioFeature.CTRL_VLAN;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_CSUM;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_ECN;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_TSO4;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_TSO6;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_USO4;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_USO6;
import static dev.barewire.driver.virtio.VirtioFeature.HASH_REPORT;
import static dev.barewire.driver.virtio.VirtioFeature.HOST_TSO4;
import static dev.barewire.driver.virtio.VirtioFeature.HOST_TSO6;
import static dev.barewire.driver.virtio.VirtioFeature.HOST_USO;
import static dev.barewire.driver.virtio.VirtioFeature.MRG_RXBUF;
import static dev.barewire.driver.virtio.VirtioFeature.RSS;
import static dev.barewire.driver.virtio.VirtioFeature.VERSION_1;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.IommuDomain;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.profiles.Offload;

/** Which features are accepted: all that are offered and known, but for those that nobody wants. */
final class VirtioNegotiation {
    private VirtioNegotiation() {
    }

    /**
     * What of the features offered can be used at all.
     *
     * @param withheld what the configuration does not want
     * @param domain   what stands between the device and memory
     * @throws SetupException if the device is not a modern one, or would not go by the domain
     */
    static VirtioFeatures usable(final VirtioTransport transport, final VirtioWindow config, final VirtioFeatures offered,
        final VirtioFeatures withheld, final DmaDomain domain) {
        final VirtioFeatures left =
            VirtioNetConfig.readable(config, transport.readable(offered)).without(withheld);
        if (!left.has(VERSION_1)) {
            throw new SetupException("the device does not offer VERSION_1: it is one of before virtio 1.0",
                "make it a modern one, in QEMU with disable-modern=off");
        }
        if (domain instanceof IommuDomain && !left.has(ACCESS_PLATFORM)) {
            throw new SetupException("the device does not offer ACCESS_PLATFORM: it passes by the IOMMU and would take the"
                + " addresses that it is given for others", "start QEMU with iommu_platform=on for this device");
        }
        return left.consistent();
    }

    /** What is accepted of what can be used, for a card that is set up like this. */
    static VirtioFeatures wanted(final VirtioFeatures usable, final CardSettings settings) {
        VirtioFeatures left = usable;
        if (!settings.hardware(Offload.RX_TCP_CHECKSUM) && !settings.hardware(Offload.RX_UDP_CHECKSUM)) {
            left = left.without(GUEST_CSUM);
        }
        if (!settings.largeReceive()) {
            left = left.without(GUEST_TSO4, GUEST_TSO6, GUEST_ECN, GUEST_USO4, GUEST_USO6);
        }
        if (!settings.hardware(Offload.TX_TCP_SEGMENTATION)) {
            left = left.without(HOST_TSO4, HOST_TSO6, HOST_USO);
            if (!settings.hardware(Offload.TX_TCP_CHECKSUM) && !settings.hardware(Offload.TX_UDP_CHECKSUM)) {
                left = left.without(CSUM);
            }
        }
        if (settings.split().on()) {
            // A frame that went on in the next buffers would leave payload in their headers' places.
            left = left.without(MRG_RXBUF);
        }
        if (!settings.hardware(Offload.VLAN_FILTER)) {
            left = left.without(CTRL_VLAN);
        }
        if (!settings.hardware(Offload.RSS_HASH)) {
            left = left.without(HASH_REPORT);
        }
        if (settings.rssKey().length == 0) {
            left = left.without(RSS);
        }
        return left.consistent();
    }
}

package dev.barewire.driver.virtio;

import static dev.barewire.driver.virtio.VirtioFeature.CSUM;
import static dev.barewire.driver.virtio.VirtioFeature.CTRL_VLAN;
import static dev.barewire.driver.virtio.VirtioFeature.GUEST_CSUM;
import static dev.barewire.driver.virtio.VirtioFeature.HASH_REPORT;
import static dev.barewire.driver.virtio.VirtioFeature.HOST_TSO4;
import static dev.barewire.driver.virtio.VirtioFeature.HOST_TSO6;
import static dev.barewire.driver.virtio.VirtioFeature.MQ;
import static dev.barewire.driver.virtio.VirtioFeature.RSS;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one device offers: the profile says what a virtio device may have, and the device is asked. */
public final class VirtioOffer {
    private static final String SOURCE = "VIRTIO 1.4, 5.1.3";

    /** What an offload needs one of. */
    private static final Map<Offload, List<VirtioFeature>> NEEDS = new EnumMap<>(Map.of(
        Offload.TX_TCP_CHECKSUM, List.of(CSUM),
        Offload.TX_UDP_CHECKSUM, List.of(CSUM),
        Offload.TX_TCP_SEGMENTATION, List.of(HOST_TSO4, HOST_TSO6),
        Offload.RX_TCP_CHECKSUM, List.of(GUEST_CSUM),
        Offload.RX_UDP_CHECKSUM, List.of(GUEST_CSUM),
        Offload.VLAN_FILTER, List.of(CTRL_VLAN),
        Offload.RSS_HASH, List.of(HASH_REPORT),
        Offload.MULTI_QUEUE, List.of(MQ, RSS)));

    private VirtioOffer() {
    }

    /**
     * Asks a device what it has, and leaves it reset.
     *
     * @param profile  what a device of its kind may have
     * @param access   the way to it
     * @param withheld names of features that shall not be used
     * @return what of that it has
     * @throws dev.barewire.SetupException if it is no device that can be driven
     */
    public static CardProfile of(final CardProfile profile, final DeviceAccess access, final Set<String> withheld) {
        final VirtioCapabilities structures = VirtioCapabilities.of(access);
        final VirtioTransport transport = new VirtioTransport(structures);
        final VirtioFeatures unwanted = VirtioFeatures.named(withheld);
        final VirtioFeatures offered = transport.greet();
        try {
            final VirtioFeatures usable =
                VirtioNegotiation.usable(transport, structures.device(), offered, unwanted, access.domain());
            final VirtioNetConfig config = VirtioNetConfig.read(transport, structures.device(), usable);
            final CardProfile narrowed = narrow(profile, offered, unwanted, usable, config);
            transport.reset();
            return narrowed;
        } catch (final RuntimeException refused) {
            transport.fail();
            throw refused;
        }
    }

    private static CardProfile narrow(final CardProfile profile, final VirtioFeatures offered, final VirtioFeatures unwanted,
        final VirtioFeatures usable, final VirtioNetConfig config) {
        final Map<Offload, CardProfile.Support> offloads = new EnumMap<>(profile.offloads());
        NEEDS.forEach((offload, features) -> {
            if (features.stream().noneMatch(usable::has)) {
                offloads.put(offload, new CardProfile.Support(false, lack(features.getFirst(), offered, unwanted), SOURCE));
            }
        });
        final boolean spreads = offloads.get(Offload.MULTI_QUEUE).supported();
        if (spreads && config.pairs() < 2) {
            offloads.put(Offload.MULTI_QUEUE, new CardProfile.Support(false, "this device has one queue pair", SOURCE));
        }
        return profile.with(spreads ? Math.clamp(config.pairs(), 1, profile.rings().rxQueues()) : 1,
            Math.min(config.mtu(), profile.frames().maxMtu()), offloads);
    }

    private static String lack(final VirtioFeature feature, final VirtioFeatures offered, final VirtioFeatures unwanted) {
        if (!offered.has(feature)) {
            return feature + " not offered by this device";
        }
        return unwanted.has(feature) ? feature + " withheld as NicConfig.withoutFeatures asks"
            : feature + " offered by this device without " + feature.needs();
    }
}

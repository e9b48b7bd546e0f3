package dev.barewire;

import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.intel.Intel82574;
import dev.barewire.driver.intel.Intel82576;
import dev.barewire.driver.intel.Intel8254x;
import dev.barewire.driver.virtio.VirtioNet;
import dev.barewire.driver.virtio.VirtioOffer;
import dev.barewire.profiles.CardProfile;
import java.util.Set;

/** Makes the driver of a card's family. */
final class Cards {
    private static final String VIRTIO = "virtio-net";

    private Cards() {
    }

    /**
     * What one card is: its profile, less what cards of its kind may have and this one has not. The card must answer to
     * memory accesses.
     *
     * @param profile  what cards of its kind may be
     * @param access   the way to it
     * @param withheld names of features that are not to be used
     * @return what it is
     */
    static CardProfile identify(final CardProfile profile, final DeviceAccess access, final Set<String> withheld) {
        return profile.family().equals(VIRTIO) ? VirtioOffer.of(profile, access, withheld) : profile;
    }

    /**
     * Resets a card and sets it up.
     *
     * @param profile  what it is
     * @param onQemu   whether it is QEMU's model of it
     * @param access   the way to it
     * @param settings how to set it up
     * @return the card, which moves nothing before {@link Card#start()}
     */
    static Card create(final CardProfile profile, final boolean onQemu, final DeviceAccess access, final CardSettings settings) {
        return switch (profile.family()) {
            case "8254x" -> new Intel8254x(access.bar(0), access.domain(), settings);
            case "82574" -> new Intel82574(access.bar(0), access.domain(), settings);
            case "82576" -> new Intel82576(access.bar(0), access.domain(), settings, new Intel82576.Traits(
                profile.hasQuirk("vectors-by-pairs", onQemu), profile.hasQuirk("no-eeprom", onQemu),
                profile.hasQuirk("vlan-strip-by-queue", onQemu), profile.hasQuirk("ready-unreported", onQemu)));
            case VIRTIO -> new VirtioNet(access, settings);
            default -> throw new SetupException("profile " + profile.name() + " names family '" + profile.family()
                + "', for which there is no driver", "use one of the families: 8254x, 82574, 82576, virtio-net");
        };
    }
}

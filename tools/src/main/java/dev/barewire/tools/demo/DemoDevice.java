package dev.barewire.tools.demo;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Profiles;
import java.util.stream.Collectors;

/** What the demo can be shown on. */
sealed interface DemoDevice {
    /** What a device is called that is no other. */
    String GUEST = "guest";

    /**
     * A card in a guest, through vfio-pci.
     *
     * @param card QEMU's name of it
     */
    record InGuest(String card) implements DemoDevice {
        /** The card that it is if none is asked for. */
        static final String DEFAULT = "e1000";
    }

    /** A card without hardware on this machine. */
    sealed interface Local extends DemoDevice {
        /**
         * The card as its program opens it.
         *
         * @param settings what is asked for
         * @param cables   what it is plugged into
         * @return its name with all options
         */
        String name(DemoSettings settings, Cables cables);
    }

    /**
     * A card of QEMU's without a guest.
     *
     * @param card its name
     */
    record Qemu(String card) implements Local {
        private static final int SPARE_MB = 64;
        private static final int LEAST_MB = 256;

        @Override
        public String name(DemoSettings settings, Cables cables) {
            int megabytes = Math.max(LEAST_MB, 2 * CardProgram.hugePages(settings.shape(), settings.mtu()) + SPARE_MB);
            String wire = "unix:" + cables.socket();
            return "qemu:" + card + "?mac=" + DemoNetwork.CARD_MAC + "&ram=" + (megabytes + 3) / 4 * 4 + "m&wire="
                    + (settings.isRaw() ? wire : "netdev:" + cables.userNetwork() + "+" + wire)
                    + (settings.pcap() == null ? "" : "&pcap=" + settings.pcap().toAbsolutePath());
        }

        @Override
        public String toString() {
            return "qemu:" + card;
        }
    }

    /**
     * A card that this program plays itself.
     *
     * @param card its name
     */
    record Model(String card) implements Local {
        @Override
        public String name(DemoSettings settings, Cables cables) {
            return recorder(settings) + "model:" + card + "?mac=" + DemoNetwork.CARD_MAC + "&wire=unix:" + cables.socket();
        }

        /** The device of the test kit that records what passes; its file's name must not look like more of the device's. */
        private static String recorder(DemoSettings settings) {
            return settings.pcap() == null ? "" : "pcap:out=" + settings.pcap().toAbsolutePath().toString()
                    .replace("%", "%25").replace(":", "%3A").replace("&", "%26") + ":";
        }

        @Override
        public String toString() {
            return "model:" + card;
        }
    }

    /**
     * Reads a name.
     *
     * @param text {@value #GUEST}, or a scheme, a colon and a card
     * @param guestCard what card the guest has, by its own name or QEMU's; null for the usual one
     * @return the device
     */
    static DemoDevice parse(String text, String guestCard) {
        String card = text.substring(text.indexOf(':') + 1);
        if (text.equals(GUEST)) {
            return inGuest(guestCard == null ? InGuest.DEFAULT : guestCard);
        }
        if (guestCard != null) {
            throw new IllegalArgumentException("--card " + guestCard + " is for the guest, and --device " + text
                    + " has a card already: leave one of them out");
        }
        if (text.startsWith("vfio:")) {
            throw new IllegalArgumentException("--device " + text + ": the demo lays its own cables and so brings its own card;"
                    + " to see a card of this machine: ./barewire info " + text);
        }
        if (Profiles.builtIn().byName(card).isPresent()) {
            if (text.startsWith("qemu:")) {
                return new Qemu(card);
            } else if (text.startsWith("model:")) {
                return new Model(card);
            }
        }
        throw new IllegalArgumentException("--device " + text + " is nothing that the demo can drive: choose " + GUEST
                + " or one of " + Profiles.builtIn().all().stream().map(DemoDevice::names).collect(Collectors.joining(", ")));
    }

    private static InGuest inGuest(String card) {
        return Profiles.builtIn().byName(card).map(CardProfile::qemuDevice).filter(device -> !device.isEmpty())
                .map(InGuest::new).orElseThrow(() -> new IllegalArgumentException("--card " + card
                + " is no card that QEMU has and Barewire drives: choose one of " + Profiles.builtIn().all().stream()
                .map(CardProfile::qemuDevice).filter(device -> !device.isEmpty()).collect(Collectors.joining(", "))));
    }

    private static String names(CardProfile profile) {
        String model = "model:" + profile.name();
        return profile.qemuDevice().isEmpty() ? model : "qemu:" + profile.qemuDevice() + ", " + model;
    }
}

package dev.barewire.tools.suite;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Profiles;
import dev.barewire.profiles.Quirk;
import java.util.function.Predicate;

/** The card that the suite drives, and what its tests must know of the way to it. */
final class CardUnderTest {
    /** The system property that names the card. */
    static final String DEVICE = "barewire.device";
    /** The system property that says how much of the long repetitions to do, in percent; all if it is not set. */
    static final String REPETITIONS = "barewire.repetitions";

    /** Who notices when the card reaches for memory that is not mapped. */
    enum Watchman {
        /** The kernel, which logs it: what the test prints is held against its log. */
        KERNEL,
        /** The device itself, which counts it. */
        DEVICE,
        /** Nobody: no IOMMU stands between the card and memory. */
        NOBODY
    }

    /**
     * What differs between the ways to a card.
     *
     * @param watchman who notices an access to memory that is not mapped
     * @param restarts how often it is opened and closed in a row
     * @param wakeUps  how many frames are waited for one by one
     * @param windows  how many windows of frames the soak has
     */
    record Traits(Watchman watchman, int restarts, int wakeUps, int windows) {
        private static final Traits VFIO = new Traits(Watchman.KERNEL, 30, 1_000, 250);
        private static final Traits UIO = new Traits(Watchman.NOBODY, 30, 1_000, 250);
        private static final Traits QEMU = new Traits(Watchman.NOBODY, 50, 5_000, 250);
        private static final Traits MODEL = new Traits(Watchman.DEVICE, 1_000, 100_000, 1_000);
    }

    private static int queues;

    private CardUnderTest() {
    }

    /** {@return how many queues it has each way} */
    static synchronized int queues() {
        if (queues == 0) {
            try (Nic nic = open(NicConfig.defaults())) {
                CardProfile profile = Profiles.builtIn().all().stream().filter(known -> known.name().equals(nic.card()))
                    .findFirst().orElseThrow();
                queues = Math.min(profile.rings().rxQueues(), profile.rings().txQueues());
            }
        }
        return queues;
    }

    /** {@return its name, such as {@code vfio:0000:00:05.0}} */
    static String name() {
        return System.getProperty(DEVICE);
    }

    /** {@return the way to it, open} */
    static DeviceAccess reach() {
        DeviceAccess device = Devices.open(name());
        KeptRules.watch(device);
        return device;
    }

    /** {@return the way to it, with nobody who watches the driver on the driver's own thread, and so costs it memory} */
    static DeviceAccess reachUnwatched() {
        String name = name();
        return Devices.open(traits() == Traits.MODEL ? name + (name.contains("?") ? "&" : "?") + "rules=off" : name);
    }

    /** {@return the card, moving frames} */
    static Nic open(NicConfig config) {
        return Nic.open(reach(), config);
    }

    /** {@return what the card is, which is not open} */
    static CardProfile profile() {
        try (Nic nic = open(NicConfig.defaults())) {
            return profile(nic);
        }
    }

    private static CardProfile profile(Nic nic) {
        return Profiles.builtIn().byName(nic.card()).orElseThrow();
    }

    /** {@return whether the card, which is not open, has a quirk that is such} */
    static boolean hasQuirk(Predicate<Quirk> such) {
        return profile().quirks().stream().anyMatch(quirk -> quirk.applies(isQemu()) && such.test(quirk));
    }

    /** {@return whether a card counts the frames that are too long for it} */
    static boolean countsLongFrames(Nic nic) {
        return !profile(nic).hasQuirk("oversize-not-counted", isQemu());
    }

    private static boolean isQemu() {
        return traits() != Traits.MODEL;
    }

    /** {@return what the way to it is like} */
    static Traits traits() {
        return switch (name().substring(0, name().indexOf(':'))) {
            case "model" -> Traits.MODEL;
            case "qemu" -> Traits.QEMU;
            case "uio" -> Traits.UIO;
            default -> Traits.VFIO;
        };
    }

    /** {@return as many repetitions as are asked for, of a number that is right where nothing is asked} */
    static int repetitions(int usual) {
        return Math.max(1, usual * Integer.getInteger(REPETITIONS, 100) / 100);
    }
}

package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds out whether KVM really runs a stock kernel here: a /dev/kvm may exist and still not do it. The only proof is a boot,
 * made once for each boot of this machine; the answer is kept in the cache.
 */
final class AcceleratorProbe {
    private static final Path KVM_DEVICE = Path.of("/dev/kvm");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private AcceleratorProbe() {
    }

    /**
     * Chooses an accelerator.
     *
     * @param notices told when a trial boot is made
     * @param kvm boots a guest with KVM
     * @return KVM if it works, else TCG
     */
    static Accelerator find(Consumer<String> notices, Function<GuestConfig, Guest> kvm) {
        if (!Files.isReadable(KVM_DEVICE) || !Files.isWritable(KVM_DEVICE)) {
            return Accelerator.TCG;
        }
        try {
            Path answer = Cache.folder("accelerator").resolve(Files.readString(BOOT_ID).strip());
            if (!Files.exists(answer)) {
                notices.accept("Trying KVM");
                Accelerator found = works(kvm) ? Accelerator.KVM : Accelerator.TCG;
                notices.accept(found == Accelerator.KVM ? "KVM works" : "KVM does not run the guest: TCG is used");
                Files.writeString(answer, found.name());
            }
            return Accelerator.valueOf(Files.readString(answer));
        } catch (IOException e) {
            throw new UncheckedIOException("the lab's cache cannot be used", e);
        }
    }

    private static boolean works(Function<GuestConfig, Guest> kvm) {
        GuestConfig config = GuestConfig.command("true").bootLimit(LIMIT).timeLimit(LIMIT);
        try (Guest guest = kvm.apply(config)) {
            return guest.await().exitCode() == 0;
        } catch (GuestException e) {
            return false;
        }
    }
}

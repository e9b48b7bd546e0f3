package dev.barewire.tools.cli;

import dev.barewire.SetupException;
import dev.barewire.driver.pci.Binding;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciDevice;
import dev.barewire.driver.uio.UioReadiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes a card from one of the kernel's drivers to another and back. What it had is kept in a file of its own under
 * {@code /run/barewire}, which does not outlive the machine's run, as a binding does not.
 */
final class Binder {
    private static final String STATE = "run/barewire/bound";

    private final Machine machine;
    private final Kernel kernel;

    /** Writes to the kernel's files, or to a test's. */
    interface Kernel {
        void write(Path file, String text) throws IOException;
    }

    Binder(final Machine machine, final Kernel kernel) {
        this.machine = machine;
        this.kernel = kernel;
    }

    /** On the kernel's own files. */
    Binder(final Machine machine) {
        this(machine, Files::writeString);
    }

    /**
     * Binds a card.
     *
     * @param address where it is
     * @param driver  what it shall be bound to
     * @param force   whether also if it carries the default route, is no network card or shares its group
     * @return what it was before
     * @throws SetupException if that must not be, or cannot; the card then has the driver that it had
     */
    PciDevice bind(final PciAddress address, final String driver, final boolean force) {
        final PciDevice device = machine.bus().require(address);
        if (device.driver().equals(driver)) {
            return device;
        }
        possible(device, driver).or(() -> force ? Optional.empty() : harmful(device, driver)).ifPresent(problem -> {
            throw problem;
        });
        remember(device);
        give(device, driver);
        final String now = machine.bus().require(address).driver();
        if (!now.equals(driver)) {
            unbind(address);
            throw new SetupException(driver + " does not take " + device + "; it is bound as it was",
                "see why: sudo dmesg | tail | grep " + address);
        }
        return device;
    }

    private Optional<SetupException> possible(final PciDevice device, final String driver) {
        if (!machine.has("sys/bus/pci/drivers/" + driver)) {
            return problem("the kernel's " + driver + " driver is not loaded", "sudo modprobe " + driver);
        }
        return switch (driver) {
            case "vfio-pci" -> machine.readiness().iommu(device);
            case UioReadiness.DRIVER -> machine.uioReadiness().translation(device);
            default -> Optional.empty();
        };
    }

    private Optional<SetupException> harmful(final PciDevice device, final String driver) {
        if (!device.isNetworkCard()) {
            return problem(device + " is no network card", "name another, which barewire list shows; or add --force");
        } else if (device.carriesDefaultRoute()) {
            return problem(Binding.describe(device), "choose another card; or, if the machine can do without, add --force");
        }
        return driver.equals("vfio-pci")
            ? machine.readiness().group(device).map(problem -> new SetupException(problem.problem(),
                "bind those as well, or they stand in the way of an opening; with --force they may stay: " + problem.mend()))
            : Optional.empty();
    }

    private static Optional<SetupException> problem(final String found, final String mend) {
        return Optional.of(new SetupException(found, mend));
    }

    /**
     * Gives a card back to the driver that it had before {@link #bind}, or to the one that the kernel chooses if that is not
     * known.
     *
     * @param address where it is
     * @return what it is now
     */
    PciDevice unbind(final PciAddress address) {
        final PciDevice device = machine.bus().require(address);
        final Optional<String> before = machine.text(STATE + "/" + address);
        give(device, before.filter(driver -> !driver.isEmpty()).orElse(""));
        if (before.filter(String::isEmpty).isPresent()) {
            // It had none; the kernel may have found it one just now.
            release(machine.bus().require(address));
        }
        // Only what is asked for once more binds it elsewhere again.
        write(folder(device) + "/driver_override", "\n");
        try {
            Files.deleteIfExists(machine.root().resolve(STATE).resolve(address.toString()));
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return machine.bus().require(address);
    }

    /** Names the driver that alone may have it; an empty name lets the kernel choose. */
    private void give(final PciDevice device, final String driver) {
        write(folder(device) + "/driver_override", driver + "\n");
        release(device);
        write("sys/bus/pci/drivers_probe", device.address().toString());
    }

    private void release(final PciDevice device) {
        if (!device.driver().isEmpty()) {
            write("sys/bus/pci/drivers/" + device.driver() + "/unbind", device.address().toString());
        }
    }

    private static String folder(final PciDevice device) {
        return "sys/bus/pci/devices/" + device.address();
    }

    /** Keeps what it had at first, however often it is bound. */
    private void remember(final PciDevice device) {
        final Path file = machine.root().resolve(STATE).resolve(device.address().toString());
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.writeString(file, device.driver());
            }
        } catch (final IOException refused) {
            throw refused(file, refused);
        }
    }

    private void write(final String path, final String text) {
        final Path file = machine.root().resolve(path);
        try {
            kernel.write(file, text);
        } catch (final IOException refused) {
            throw refused(file, refused);
        }
    }

    private static SetupException refused(final Path file, final IOException refused) {
        return new SetupException(file + " cannot be written: " + refused.getMessage(),
            "run it as root: sudo ./barewire ...; in a container /sys may be read-only", refused);
    }
}

package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciDevice;
import java.util.Locale;

/**
 * Opens {@code vfio:0000:00:03.0}, with {@code ?interrupts=msix}, {@code msi}, {@code intx} or {@code none} behind it
 * where the best kind that the card has is not wanted.
 */
public final class VfioAccessProvider implements AccessProvider {
    static final String SCHEME = "vfio";
    private static final String INTERRUPTS = "interrupts=";

    /** Made by the service loader. */
    public VfioAccessProvider() {
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public DeviceAccess open(final String name) {
        final int mark = name.indexOf('?');
        final PciAddress address = PciAddress.parse(mark < 0 ? name : name.substring(0, mark));
        final InterruptSource.Kind wanted = mark < 0 ? null : kind(name.substring(mark + 1));
        final PciDevice device = new VfioReadiness(PciBus.host()).check(address);
        return new VfioAccess(address, device.iommuGroup(), wanted);
    }

    private static InterruptSource.Kind kind(final String option) {
        try {
            if (option.startsWith(INTERRUPTS)) {
                return InterruptSource.Kind.valueOf(option.substring(INTERRUPTS.length()).toUpperCase(Locale.ROOT));
            }
        } catch (final IllegalArgumentException unknown) {
            // Told below, with the option that has no name.
        }
        throw new SetupException("'" + option + "' is no option of a " + SCHEME + ": device",
            "write interrupts=msix, msi, intx or none");
    }
}

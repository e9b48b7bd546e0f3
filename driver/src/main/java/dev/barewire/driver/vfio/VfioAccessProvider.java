package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.DeviceOptions;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciDevice;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens {@code vfio:0000:00:03.0}, with {@code ?interrupts=msix}, {@code msi}, {@code intx} or {@code none} behind it
 * where the best kind that the card has is not wanted.
 */
public final class VfioAccessProvider implements AccessProvider {
    static final String SCHEME = "vfio";
    private static final String INTERRUPTS = "interrupts";

    /** Made by the service loader. */
    public VfioAccessProvider() {
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public DeviceAccess open(final String name) {
        final DeviceOptions options = DeviceOptions.parse(SCHEME, name, Set.of(INTERRUPTS));
        final PciAddress address = PciAddress.parse(options.target());
        final InterruptSource.Kind wanted = kind(options.get(INTERRUPTS, ""));
        final PciDevice device = new VfioReadiness(PciBus.host()).check(address);
        return new VfioAccess(address, device.iommuGroup(), wanted);
    }

    private static InterruptSource.Kind kind(final String option) {
        return option.isEmpty() ? null : Stream.of(InterruptSource.Kind.values())
            .filter(known -> known.name().equalsIgnoreCase(option)).findFirst()
            .orElseThrow(() -> new SetupException("'" + INTERRUPTS + "=" + option + "' names no kind of interrupt",
                "write " + INTERRUPTS + "=msix, msi, intx or none"));
    }
}

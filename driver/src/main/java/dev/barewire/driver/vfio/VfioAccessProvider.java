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

/**
 * Opens {@code vfio:0000:00:03.0}, with {@code ?interrupts=msix}, {@code msi}, {@code intx} or {@code none} behind it
 * where the best kind that the card has is not wanted.
 */
public final class VfioAccessProvider implements AccessProvider {
    static final String SCHEME = "vfio";

    /** Made by the service loader. */
    public VfioAccessProvider() {
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public DeviceAccess open(final String name) {
        final DeviceOptions options = DeviceOptions.parse(SCHEME, name, Set.of(DeviceOptions.INTERRUPTS));
        final PciAddress address = PciAddress.parse(options.target());
        final InterruptSource.Kind wanted = options.interrupts();
        final PciDevice device = new VfioReadiness(PciBus.host()).check(address);
        return new VfioAccess(address, device.iommuGroup(), wanted);
    }
}

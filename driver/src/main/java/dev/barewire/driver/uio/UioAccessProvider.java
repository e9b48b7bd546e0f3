package dev.barewire.driver.uio;

import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.DeviceOptions;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciBus;
import java.util.Set;

/** Opens {@code uio:0000:00:03.0}, with {@code ?interrupts=none} behind it where its interrupt is not wanted. */
public final class UioAccessProvider implements AccessProvider {
    static final String SCHEME = "uio";

    /** Made by the service loader. */
    public UioAccessProvider() {
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public DeviceAccess open(final String name) {
        final DeviceOptions options = DeviceOptions.parse(SCHEME, name, Set.of(DeviceOptions.INTERRUPTS));
        final PciBus bus = PciBus.host();
        final PciAddress address = PciAddress.parse(options.target());
        return new UioAccess(bus, new UioReadiness(bus).check(address), options.interrupts());
    }
}

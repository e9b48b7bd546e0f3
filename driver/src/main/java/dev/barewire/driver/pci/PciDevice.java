package dev.barewire.driver.pci;

import java.util.List;

/**
 * A function, as sysfs tells of it at one moment.
 *
 * @param address       where it is
 * @param vendor        vendor id
 * @param device        device id
 * @param classCode     class, subclass and programming interface, 24 bits
 * @param driver        the kernel's driver that it is bound to, empty if none
 * @param iommuGroup    the number of its IOMMU group, or {@link #NO_GROUP}
 * @param interfaces    the network interfaces that its driver made of it
 * @param resourceSizes bytes of BAR 0 to 5, 0 for one that it has not
 */
public record PciDevice(PciAddress address, int vendor, int device, int classCode, String driver, int iommuGroup,
                        List<NetInterface> interfaces, List<Long> resourceSizes) {
    /** It is behind no IOMMU that the kernel uses. */
    public static final int NO_GROUP = -1;

    private static final int NETWORK_CLASS = 0x02;

    /**
     * A network interface.
     *
     * @param name         such as {@code eth0}
     * @param up           whether it is administratively up
     * @param defaultRoute whether a default route leaves by it, or by a bridge, bond or VLAN that stands on it
     */
    public record NetInterface(String name, boolean up, boolean defaultRoute) {
    }

    /**
     * Whether it is a network controller (PCI Code and ID Assignment, class 02h).
     *
     * @return true for a network card
     */
    public boolean isNetworkCard() {
        return classCode >>> 16 == NETWORK_CLASS;
    }

    /**
     * Whether this machine's default route leaves by it.
     *
     * @return true if taking it away may cut the machine off
     */
    public boolean carriesDefaultRoute() {
        return interfaces.stream().anyMatch(NetInterface::defaultRoute);
    }

    /** Address, ids and driver on one line. */
    @Override
    public String toString() {
        return "%s (%04x:%04x, %s)".formatted(address, vendor, device, driver.isEmpty() ? "no driver" : "driver " + driver);
    }
}

package dev.barewire.driver.pci;

import dev.barewire.driver.pci.PciDevice.NetInterface;
import java.util.stream.Collectors;

/** What a card is bound to, in words, and the commands that bind it elsewhere. It changes nothing. */
public final class Binding {
    private Binding() {
    }

    /**
     * What a card is bound to.
     *
     * @param device the card
     * @return its address, driver and interfaces, and whether the machine's default route leaves by it
     */
    public static String describe(final PciDevice device) {
        final String bound = device.driver().isEmpty() ? " is bound to no driver" : " is bound to " + device.driver();
        final String names = device.interfaces().stream()
            .map(net -> " as " + net.name() + (net.up() ? ", which is up" : ", which is down"))
            .collect(Collectors.joining());
        final String route = device.carriesDefaultRoute()
            ? " and carries the default route of this machine, whose network would be gone" : "";
        return device.address() + bound + names + route;
    }

    /**
     * The commands that bind it: its interface taken down, its driver taken off, the new driver named and probed.
     *
     * @param device the card
     * @param driver the driver that it shall have
     * @return a line for a shell
     */
    public static String command(final PciDevice device, final String driver) {
        final StringBuilder script = new StringBuilder("sudo sh -c '");
        device.interfaces().stream().filter(NetInterface::up)
            .forEach(net -> script.append("ip link set ").append(net.name()).append(" down; "));
        final String folder = "/sys/bus/pci/devices/" + device.address();
        script.append("echo ").append(driver).append(" > ").append(folder).append("/driver_override; ");
        if (!device.driver().isEmpty()) {
            script.append("echo ").append(device.address()).append(" > ").append(folder).append("/driver/unbind; ");
        }
        return script.append("echo ").append(device.address()).append(" > /sys/bus/pci/drivers_probe'").toString();
    }
}

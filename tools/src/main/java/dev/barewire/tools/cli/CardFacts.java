package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciDevice;
import dev.barewire.driver.pci.PciDevice.NetInterface;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.PciId;
import dev.barewire.profiles.Profiles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be told of a card without opening it. */
final class CardFacts {
    private final Machine machine;
    private final PciDevice device;
    private final Profiles profiles;

    CardFacts(final Machine machine, final PciDevice device, final Profiles profiles) {
        this.machine = machine;
        this.device = device;
        this.profiles = profiles;
    }

    PciId id() {
        return new PciId(device.vendor(), device.device());
    }

    Optional<CardProfile> profile() {
        return profiles.byId(id());
    }

    /** The kernel's driver; a dash if it has none. */
    String driver() {
        return device.driver().isEmpty() ? "-" : device.driver();
    }

    /** The number of the IOMMU group; a dash if it is in none. */
    String group() {
        return device.iommuGroup() == PciDevice.NO_GROUP ? "-" : Integer.toString(device.iommuGroup());
    }

    /** The profile's name, or that there is none. */
    String profileName() {
        return profile().map(CardProfile::name).orElse("no profile");
    }

    boolean hasLink(final NetInterface net) {
        return state(net).equals("up");
    }

    /** As the kernel's {@code operstate} has it: {@code up}, {@code down}, {@code lowerlayerdown}, {@code unknown}. */
    private String state(final NetInterface net) {
        return machine.text("sys/class/net/" + net.name() + "/operstate").orElse("unknown");
    }

    /** In Mb/s; 0 if there is no link or the driver does not tell. */
    private long speed(final NetInterface net) {
        return machine.number("sys/class/net/" + net.name() + "/speed");
    }

    /** The interfaces on one line: {@code eth0 up 1000 Mb/s}; a dash if there is none. */
    String interfaces() {
        return device.interfaces().isEmpty() ? "-" : device.interfaces().stream()
            .map(net -> net.name() + " " + state(net) + (speed(net) == 0 ? "" : " " + speed(net) + " Mb/s")
                + (net.defaultRoute() ? " default-route" : ""))
            .collect(Collectors.joining(", "));
    }

    String line(final String format) {
        return format.formatted(device.address(), id(), profileName(), driver(), group(), interfaces());
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("address", device.address());
        json.put("id", id());
        json.put("profile", profile().map(CardProfile::name).orElse(null));
        json.put("driver", device.driver().isEmpty() ? null : device.driver());
        json.put("iommu_group", device.iommuGroup() == PciDevice.NO_GROUP ? null : device.iommuGroup());
        json.put("interfaces", device.interfaces().stream().map(this::json).toList());
        return json;
    }

    private Map<String, Object> json(final NetInterface net) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", net.name());
        json.put("state", state(net));
        json.put("mbps", speed(net));
        json.put("default_route", net.defaultRoute());
        return json;
    }
}

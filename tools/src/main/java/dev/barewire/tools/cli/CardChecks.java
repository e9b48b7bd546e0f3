package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciDevice;
import dev.barewire.driver.pci.PciDevice.NetInterface;
import dev.barewire.driver.uio.UioReadiness;
import dev.barewire.driver.vfio.VfioReadiness;
import dev.barewire.profiles.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What one card needs before it can be driven. */
final class CardChecks {
    private final Machine machine;
    private final PciDevice device;
    private final VfioReadiness readiness;
    private final CardFacts facts;

    CardChecks(final Machine machine, final PciDevice device, final Profiles profiles) {
        this.machine = machine;
        this.device = device;
        this.readiness = machine.readiness();
        this.facts = new CardFacts(machine, device, profiles);
    }

    /** Whether it could be opened now, on a machine that is as it should be. */
    boolean ready() {
        return facts.profile().isPresent()
            && (isUio() ? machine.uioReadiness().problem(device) : readiness.problem(device)).isEmpty();
    }

    /** Whether it is bound for the way that needs no IOMMU. */
    boolean isUio() {
        return device.driver().equals(UioReadiness.DRIVER);
    }

    String name() {
        return (isUio() ? "uio:" : "vfio:") + device.address();
    }

    List<Finding> findings() {
        final List<Finding> findings = new ArrayList<>();
        findings.add(card());
        if (facts.profile().isPresent() && isUio()) {
            findings.add(Finding.of(subject("uio"), machine.uioReadiness().problem(device), device.driver()));
            findings.add(Finding.warn(subject("isolation"), UioReadiness.WARNING,
                "where the machine has an IOMMU, switch it on and use VFIO: barewire bind " + device.address()));
            findings.add(link());
        } else if (facts.profile().isPresent()) {
            findings.add(group());
            findings.add(driver());
            if (readiness.driver(device).isEmpty()) {
                findings.add(Finding.of(subject("rights"), readiness.rights(device),
                    "this user may open /dev/vfio/" + device.iommuGroup()));
            }
            findings.add(link());
        }
        return findings;
    }

    private String subject(final String part) {
        return device.address() + " " + part;
    }

    private Finding card() {
        return facts.profile().map(profile -> Finding.ok(subject("card"), profile.name() + " (" + facts.id() + ")"))
            .orElseGet(() -> Finding.warn(subject("card"), "no profile for " + facts.id() + ", so Barewire cannot drive it;"
                + " driver " + facts.driver() + ", group " + facts.group() + ", interfaces " + facts.interfaces(),
                "leave it to the kernel"));
    }

    private Finding group() {
        final List<PciDevice> others = machine.bus().group(device.iommuGroup()).stream()
            .filter(member -> !member.address().equals(device.address())).toList();
        if (others.stream().anyMatch(PciDevice::carriesDefaultRoute)) {
            return Finding.warn(subject("group"), "shared with a card that carries the default route of this machine: "
                + names(others), "do not take it away; choose a card in another group");
        }
        return Finding.of(subject("group"), readiness.iommu(device).or(() -> readiness.group(device)),
            facts.group() + ", " + (others.isEmpty() ? "alone in it" : "with " + names(others)));
    }

    private static String names(final List<PciDevice> devices) {
        return devices.stream().map(PciDevice::toString).collect(Collectors.joining(", "));
    }

    private Finding driver() {
        if (device.carriesDefaultRoute()) {
            return Finding.warn(subject("driver"), device.driver() + ", and the default route of this machine leaves by it ("
                + facts.interfaces() + ")", "do not take it away; choose another card");
        }
        return Finding.of(subject("driver"), readiness.driver(device), device.driver());
    }

    private Finding link() {
        if (device.interfaces().stream().noneMatch(NetInterface::up)) {
            return Finding.unknown(subject("link"), "no driver of the kernel looks at it now",
                isUio() || readiness.driver(device).isEmpty() ? "barewire info " + name() : "");
        }
        return device.interfaces().stream().anyMatch(facts::hasLink) ? Finding.ok(subject("link"), facts.interfaces())
            : Finding.warn(subject("link"), facts.interfaces(), "check the cable and the other end");
    }
}

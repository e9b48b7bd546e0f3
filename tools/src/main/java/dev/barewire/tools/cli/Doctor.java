package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciDevice;
import dev.barewire.profiles.Profiles;
import dev.barewire.tools.cli.Finding.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine and its cards, looked at once. Nothing is opened and nothing is changed.
 *
 * @param findings all that was looked at
 * @param devices  the names of the cards that could be opened now
 */
record Doctor(List<Finding> findings, List<String> devices) {
    /**
     * Looks.
     *
     * @param machine    at what
     * @param labLacks   what the guest lab lacks for the demo, by packages
     */
    static Doctor examine(final Machine machine, final List<String> labLacks) {
        final List<Finding> findings = new ArrayList<>(new MachineChecks(machine).findings());
        final boolean machineReady = findings.stream().noneMatch(finding -> finding.is(State.MISSING));
        final boolean javaReady = findings.stream().filter(finding -> MachineChecks.EVERY_WAY.contains(finding.subject()))
            .noneMatch(finding -> finding.is(State.MISSING));
        final List<CardChecks> cards = machine.bus().devices().stream().filter(PciDevice::isNetworkCard)
            .map(device -> new CardChecks(machine, device, Profiles.builtIn())).toList();
        if (cards.isEmpty()) {
            findings.add(Finding.missing("network cards", "there is none on the PCI bus",
                "put one in, or see a virtual one driven in a guest: barewire demo"));
        }
        cards.forEach(card -> findings.addAll(card.findings()));
        findings.add(labLacks.isEmpty() ? Finding.ok("guest lab", "QEMU, busybox and a kernel are there for the demo")
            : Finding.warn("guest lab", "the demo would fetch: " + String.join(", ", labLacks), "barewire setup"));
        return new Doctor(findings, cards.stream()
            .filter(card -> (card.isUio() ? javaReady : machineReady) && card.ready()).map(CardChecks::name).toList());
    }

    boolean ready() {
        return !devices.isEmpty();
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("ready", ready());
        json.put("devices", devices);
        json.put("findings", findings.stream().map(Finding::json).toList());
        return json;
    }
}

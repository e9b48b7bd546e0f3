package dev.barewire.tools.cli;

import dev.barewire.Nic;
import dev.barewire.SetupException;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciDevice;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Profiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells all of one card. */
@Command(name = "info", mixinStandardHelpOptions = true,
    description = "Tell of one card: profile, link, offloads, statistics, registers.")
public final class InfoCommand implements Runnable {
    private static final Duration AUTONEGOTIATION = Duration.ofSeconds(4);
    private static final String FACT = "%-18s %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DEVICE", description = {
        "vfio:0000:00:05.0 opens the card (resetting it);", "0000:00:05.0 only tells what the kernel knows of it;",
        "82540EM or e1000 prints a profile, FILE.toml one of your own."})
    private String device;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/",
        description = "where sys, proc and dev are, for a card that is not opened")
    private Path root;

    private PrintWriter out;

    /** Made by the command line's parser. */
    public InfoCommand() {
    }

    @Override
    public void run() {
        out = spec.commandLine().getOut();
        final Optional<CardProfile> profile = Profiles.builtIn().byName(device);
        if (profile.isPresent()) {
            profile(profile.get());
        } else if (device.endsWith(".toml")) {
            profile(Profiles.read(Path.of(device)));
        } else if (PciAddress.isAddress(device)) {
            function(PciAddress.parse(device));
        } else if (device.contains(":")) {
            try (Nic nic = Nic.open(device)) {
                card(nic);
            }
        } else {
            throw new SetupException("'" + device + "' is neither a device, nor a PCI address, nor the name of a profile",
                "see the cards of this machine: barewire list; the profiles are: " + Profiles.builtIn().all().stream()
                    .map(CardProfile::name).collect(Collectors.joining(", ")));
        }
    }

    private void fact(final String name, final Object value) {
        out.printf(FACT, name, value);
    }

    private void heading(final String text) {
        out.println();
        out.println(text);
    }

    private void profile(final CardProfile profile) {
        final CardProfile.Rings rings = profile.rings();
        fact("profile", profile.name() + ", " + profile.vendor() + ", family " + profile.family());
        fact("ids", profile.ids().stream().map(Object::toString).collect(Collectors.joining(", ")));
        fact("in QEMU", profile.qemuDevice().isEmpty() ? "-" : profile.qemuDevice());
        fact("interrupts", profile.interrupts());
        fact("queues", rings.rxQueues() + " to receive, " + rings.txQueues() + " to transmit");
        fact("descriptors", rings.minDescriptors() + " to " + rings.maxDescriptors() + " a ring, a multiple of "
            + rings.descriptorMultiple());
        fact("receive buffers", rings.rxBufferSizes() + " bytes");
        fact("transmit", rings.txSegments() + " segments a frame, " + rings.txDataLimit() + " bytes a descriptor");
        fact("MTU", profile.frames().minMtu() + " to " + profile.frames().maxMtu());
        heading("Offloads of the card");
        profile.offloads().forEach((offload, support) -> out.printf("%-22s %-4s %s (%s)%n", offload.label(),
            support.supported() ? "yes" : "no", support.note(), support.source()));
        heading("Quirks");
        profile.quirks().forEach(quirk -> out.printf("%s (%s): %s; %s%n", quirk.id(), quirk.where(), quirk.description(),
            quirk.source()));
    }

    private void function(final PciAddress address) {
        final Machine machine = Machine.below(root);
        final PciDevice function = machine.bus().find(address).orElseThrow(() ->
            new SetupException("there is no PCI device at " + address, "see the cards of this machine: barewire list"));
        final CardFacts facts = new CardFacts(machine, function, Profiles.builtIn());
        fact("address", address);
        fact("id", facts.id() + ", " + facts.profileName());
        fact("BARs", function.resourceSizes() + " bytes");
        fact("driver", facts.driver());
        fact("interfaces", facts.interfaces());
        fact("IOMMU group", facts.group());
        machine.bus().group(function.iommuGroup()).forEach(member -> fact("  has in it", member));
        fact("can be opened", machine.readiness().problem(function)
            .map(problem -> "no: " + problem.getMessage()).orElse("yes: barewire info vfio:" + address));
        facts.profile().ifPresent(profile -> {
            heading("Profile");
            profile(profile);
        });
    }

    private void card(final Nic nic) {
        nic.awaitLink(AUTONEGOTIATION);
        fact("device", nic.name());
        fact("card", nic.card());
        fact("MAC address", nic.mac());
        fact("link", nic.link());
        nic.facts().forEach(this::fact);
        heading("Offload plan");
        out.print(nic.offloads());
        heading("Statistics");
        nic.statistics().forEach(this::fact);
        heading("Registers");
        for (final Map.Entry<String, Integer> register : nic.registers().entrySet()) {
            out.printf("%-18s 0x%08x%n", register.getKey(), register.getValue());
        }
    }
}

package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciDevice;
import dev.barewire.profiles.Profiles;
import dev.barewire.tools.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the network cards. */
@Command(name = "list", mixinStandardHelpOptions = true,
    description = "List the network cards and which of them have a profile.")
public final class ListCommand implements Runnable {
    private static final String COLUMNS = "%-13s %-10s %-11s %-10s %-6s %s";

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Option(names = "--features", description = "print what each known card can do instead, as a table in Markdown")
    private boolean features;

    @Option(names = "--root", paramLabel = "FOLDER", defaultValue = "/", description = "where sys and proc are")
    private Path root;

    /** Made by the command line's parser. */
    public ListCommand() {
    }

    @Override
    public void run() {
        final PrintWriter out = spec.commandLine().getOut();
        if (features) {
            FeatureTable.of(Profiles.builtIn().all()).forEach(out::println);
            return;
        }
        final Machine machine = Machine.below(root);
        final List<CardFacts> cards = machine.bus().devices().stream().filter(PciDevice::isNetworkCard)
            .map(device -> new CardFacts(machine, device, Profiles.builtIn())).toList();
        if (json) {
            out.println(Json.of(Map.of("cards", cards.stream().map(CardFacts::json).toList())));
        } else if (cards.isEmpty()) {
            out.println("There is no network card on the PCI bus of this machine.");
        } else {
            out.println(COLUMNS.formatted("ADDRESS", "ID", "PROFILE", "DRIVER", "GROUP", "INTERFACES"));
            cards.forEach(card -> out.println(card.line(COLUMNS)));
        }
    }
}

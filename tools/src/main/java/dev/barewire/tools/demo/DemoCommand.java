package dev.barewire.tools.demo;

import dev.barewire.tools.guest.Prerequisites;
import dev.barewire.tools.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows Barewire at work. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
    "Drive a card from Java in a throw-away QEMU guest, behind an IOMMU, against a network stack that is not ours;",
    "or a card without hardware on this machine. A file goes to the card's program and comes back from the buffers in",
    "which it was received."})
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--device", defaultValue = DemoDevice.GUEST, paramLabel = "DEVICE", description =
            "guest (the default), or without a guest: a card of QEMU's, such as qemu:e1000, or a model, such as model:82540EM")
    private String device;

    @Option(names = "--card", paramLabel = "CARD",
            description = "the guest's card, by QEMU's name: e1000 (the default), e1000e or another that `list --features` shows")
    private String card;

    @Option(names = "--mtu", defaultValue = "1500", paramLabel = "BYTES",
            description = "the card's MTU, ${DEFAULT-VALUE} by default; above 1500 the other side is a raw Ethernet peer")
    private int mtu;

    @Option(names = "--offload", paramLabel = "NAME=hardware|software|off",
            description = "force an offload, or tx-checksum or rx-checksum for three at once; may be repeated")
    private List<String> offloads = new ArrayList<>();

    @Option(names = "--pcap", paramLabel = "FILE", description = "keep the traffic for Wireshark, as QEMU sees it where there is one")
    private Path pcap;

    @Option(names = "--size", defaultValue = "16m", paramLabel = "BYTES",
            description = "the file's length, with k or m for KiB or MiB; ${DEFAULT-VALUE} by default")
    private String size;

    @Option(names = "--json", description = "print one JSON object, and nothing else, on standard output")
    private boolean json;

    @Option(names = "--no-install", description = "fetch and install nothing; say what is missing instead")
    private boolean noInstall;

    /** Made by the command line's parser. */
    public DemoCommand() {
    }

    @Override
    public Integer call() throws IOException {
        DemoSettings settings;
        try {
            settings = new DemoSettings(DemoDevice.parse(device, card), mtu, DemoSettings.bytes(size), OffloadChoice.parse(offloads), pcap);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage(), refused);
        }
        Console console = new Console(json);
        if (noInstall && settings.isInGuest()) {
            Prerequisites.require(console::say);
        }
        DemoResult result = new DemoRun(settings, console).run();
        if (json) {
            System.out.println(Json.of(result.json()));
        } else {
            new DemoTable(result, console).show();
        }
        return result.failures().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}

package dev.barewire.tools.demo;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.guest.Accelerator;
import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A QEMU guest with a virtual IOMMU, whose card is bound to vfio-pci. */
final class GuestStage implements Stage {
    private static final int SLOT = 3;
    private static final int BASE_MEMORY_MB = 1536;
    private static final Duration TIME_LIMIT = Duration.ofMinutes(5);

    private final DemoSettings settings;
    private final Console console;
    private final Consumer<String> lines;
    private final Cables cables;
    private final Path work;
    private final Card card;
    private Guest guest;

    /**
     * Prepares a guest.
     *
     * @param model QEMU's name of its card
     * @param settings what is asked for
     * @param console where it is told of
     * @param folder the run's own, removed after it
     * @param lines is given what the program reports
     */
    GuestStage(String model, DemoSettings settings, Console console, Path folder, Consumer<String> lines) throws IOException {
        this.settings = settings;
        this.console = console;
        this.lines = lines;
        cables = Cables.in(folder);
        work = Files.createDirectory(folder.resolve("work"));
        card = new Card(model, SLOT, DemoNetwork.CARD_MAC, settings.isRaw() ? stream() : "hubport,hubid=0", "vfio-pci");
    }

    /** QEMU listens: a boot that fails and is tried again plugs in again. */
    private String stream() {
        return "stream,server=on,addr.type=unix,addr.path=" + cables.socket();
    }

    @Override
    public String device() {
        return "vfio:" + card.function();
    }

    @Override
    public Path work() {
        return work;
    }

    @Override
    public void start(CardTask task) {
        guest = Guest.start(config(task));
        console.say("The guest runs (%s), booted in %.1f s%s.".formatted(guest.accelerator(), guest.bootSeconds(),
                guest.retried() ? " at the second try" : ""));
    }

    private GuestConfig config(CardTask task) {
        int pages = CardProgram.hugePages(settings.shape(), settings.mtu());
        GuestConfig config = GuestConfig.command(CardJvm.command(task, console)).card(card).hugePages(pages).work(work)
                .memoryMegabytes(BASE_MEMORY_MB + 2 * pages).stdout(new LineStream(lines))
                .stderr(new LineStream(line -> console.say("guest: " + line))).notices(console::say)
                .timeLimit(TIME_LIMIT);
        if (!settings.isRaw()) {
            config.qemu("-netdev", cables.userNetwork() + ",id=user")
                    .qemu("-netdev", "hubport,hubid=0,id=hub-user,netdev=user")
                    .qemu("-netdev", stream() + ",id=wire").qemu("-netdev", "hubport,hubid=0,id=hub-wire,netdev=wire");
        }
        if (settings.pcap() != null) {
            String file = settings.pcap().toAbsolutePath().toString().replace(",", ",,");
            config.qemu("-object", "filter-dump,id=pcap,netdev=" + card.netdevId() + ",file=" + file);
        }
        return config;
    }

    @Override
    public StreamWire wire() throws IOException {
        return StreamWire.connect(UnixDomainSocketAddress.of(cables.socket()));
    }

    @Override
    public int udpPort() {
        return cables.udpPort();
    }

    @Override
    public Accelerator accelerator() {
        return guest.accelerator();
    }

    @Override
    public int await() {
        return guest.await().exitCode();
    }

    @Override
    public void close() {
        if (guest != null) {
            guest.close();
        }
    }
}

package dev.barewire.tools.demo;

import dev.barewire.tools.frames.Station;
import dev.barewire.tools.guest.Card;
import dev.barewire.tools.guest.ClassArchive;
import dev.barewire.tools.guest.Guest;
import dev.barewire.tools.guest.GuestConfig;
import dev.barewire.tools.guest.GuestResult;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One run of the demo, from the random file to the result. */
final class DemoRun {
    private static final int SLOT = 3;
    private static final String GUEST_MAC = "52:54:00:12:34:56";
    private static final int BASE_MEMORY_MB = 1536;
    private static final List<String> JAVA = List.of(System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+UseSerialGC");
    private static final Duration TIME_LIMIT = Duration.ofMinutes(5);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final DemoSettings settings;
    private final Console console;
    private final Report report = new Report(null);
    private final CompletableFuture<Void> cardIsUp = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private volatile boolean guestEnded;

    /**
     * Prepares a run.
     *
     * @param settings what is asked for
     * @param console where it is told of
     */
    DemoRun(DemoSettings settings, Console console) {
        this.settings = settings;
        this.console = console;
    }

    /** Runs; gets what the machine lacks first. */
    DemoResult run() throws IOException {
        Path folder = Files.createTempDirectory("barewire-demo-");
        try {
            return run(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.toList().reversed()) {
                    Files.delete(path);
                }
            }
        }
    }

    private DemoResult run(Path folder) throws IOException {
        byte[] content = new byte[settings.fileBytes()];
        new Random().nextBytes(content);
        Path work = Files.createDirectory(folder.resolve("work"));
        Path target = work.resolve("received");
        Path wire = folder.resolve("wire");
        int port = freePort();
        GuestTask task = new GuestTask("vfio:0000:00:%02x.0".formatted(SLOT), settings.mtu(), settings.shape(), target,
                settings.offloads());
        Outside outside = new Outside(settings, console, wire, port, ByteBuffer.wrap(content).asReadOnlyBuffer());
        CompletableFuture<Void> outsideDone;
        GuestResult guestResult;
        try (Guest guest = Guest.start(guestConfig(task, work, wire, port))) {
            console.say("The guest runs (%s), booted in %.1f s%s.".formatted(guest.accelerator(), guest.bootSeconds(),
                    guest.retried() ? " at the second try" : ""));
            outsideDone = cardIsUp.thenRunAsync(() -> runOutside(outside));
            guestResult = guest.await();
        } finally {
            guestEnded = true;
            cardIsUp.completeExceptionally(new IOException("the guest ended before its card was up"));
        }
        awaitEnd(outsideDone);
        byte[] written = Files.exists(target) ? Files.readAllBytes(target) : null;
        double seconds = (System.nanoTime() - start) / 1e9;
        return new DemoResult(settings, report, guestResult, outside, content, written, seconds);
    }

    private void runOutside(Outside outside) {
        try {
            outside.run(() -> guestEnded);
        } catch (IOException e) {
            report.put(Report.FAILURE + "outside", e);
        }
    }

    private void awaitEnd(CompletableFuture<Void> outsideDone) {
        try {
            outsideDone.handle((nothing, problem) -> {
                if (problem != null && report.group(Report.FAILURE).isEmpty()) {
                    report.put(Report.FAILURE + "host", problem.getCause().getMessage());
                }
                return nothing;
            }).get(GOODBYE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            report.put(Report.FAILURE + "host", "the sender did not end");
        } catch (Exception e) {
            report.put(Report.FAILURE + "host", e);
        }
    }

    private GuestConfig guestConfig(GuestTask task, Path work, Path wire, int port) {
        String stream = "stream,server=on,addr.type=unix,addr.path=" + wire;
        Card card = new Card("e1000", SLOT, GUEST_MAC, settings.isRaw() ? stream : "hubport,hubid=0", "vfio-pci");
        int pages = DemoInGuest.hugePages(settings.shape(), settings.mtu());
        GuestConfig config = GuestConfig.command(guestCommand(task)).card(card).hugePages(pages).work(work)
                .memoryMegabytes(BASE_MEMORY_MB + 2 * pages).stdout(new LineStream(this::take))
                .stderr(new LineStream(line -> console.say("guest: " + line))).notices(console::say)
                .timeLimit(TIME_LIMIT);
        if (!settings.isRaw()) {
            String forward = "hostfwd=udp:127.0.0.1:" + port + "-" + Station.text(DemoNetwork.GUEST_IP) + ":"
                    + DemoNetwork.GUEST_PORT;
            config.qemu("-netdev", "user,id=user," + forward).qemu("-netdev", "hubport,hubid=0,id=hub-user,netdev=user")
                    .qemu("-netdev", stream + ",id=wire").qemu("-netdev", "hubport,hubid=0,id=hub-wire,netdev=wire");
        }
        if (settings.pcap() != null) {
            String file = settings.pcap().toAbsolutePath().toString().replace(",", ",,");
            config.qemu("-object", "filter-dump,id=pcap,netdev=" + card.netdevId() + ",file=" + file);
        }
        return config;
    }

    private List<String> guestCommand(GuestTask task) {
        String classPath = absoluteClassPath();
        List<String> command = new ArrayList<>(JAVA);
        ClassArchive.ensure(JAVA, classPath, Rehearsal.class.getName(), console::say)
                .ifPresent(archive -> command.add("-XX:SharedArchiveFile=" + archive));
        command.addAll(List.of("-cp", classPath, DemoInGuest.class.getName()));
        command.addAll(task.arguments());
        return command;
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(java.io.File.pathSeparator, entries);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Takes a line of the guest's, and shows what a person wants to see at once. */
    private void take(String line) {
        report.take(line);
        String key = line.substring(0, Math.max(line.indexOf(' '), 0));
        switch (key) {
            case Report.LINK_MBPS -> describe();
            case Report.READY -> cardIsUp.complete(null);
            case Report.GATEWAY -> console.say("ARP: the gateway " + Station.text(DemoNetwork.GATEWAY_IP) + " is at "
                    + report.text(key) + ".");
            case Report.PING_REPLIES -> console.say("Ping: the gateway answered " + report.text(key) + " of "
                    + GatewayProbe.PINGS + " echoes.");
            case Report.WRITTEN ->
                    console.say("  The guest has the file and wrote it; it sends it back from the same buffers.");
            default -> {
            }
        }
    }

    private void describe() {
        console.say("Card: " + report.text(Report.CARD) + " at " + "vfio:0000:00:%02x.0".formatted(SLOT) + ", "
                + report.text(Report.MAC) + ", link " + report.text(Report.LINK_MBPS) + " Mb/s");
        report.group(Report.FACT).forEach((name, value) -> console.say("  " + name + ": " + value));
        console.say("Offload plan:");
        report.group(Report.OFFLOAD).forEach((name, value) -> {
            int space = value.indexOf(' ');
            console.say("  %-20s %-9s %s".formatted(name, value.substring(0, space), value.substring(space + 1)));
        });
    }
}

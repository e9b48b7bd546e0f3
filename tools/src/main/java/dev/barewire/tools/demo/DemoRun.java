package dev.barewire.tools.demo;

import dev.barewire.tools.frames.Station;
import dev.barewire.tools.guest.Accelerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One run of the demo, from the random file to the result. */
final class DemoRun {
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final DemoSettings settings;
    private final Console console;
    private final Report report = new Report(null);
    private final CompletableFuture<Void> cardIsUp = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private volatile boolean cardEnded;

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
        CompletableFuture<Void> outsideDone;
        Outside outside;
        Path target;
        int exitCode;
        Accelerator accelerator;
        try (Stage stage = stage(folder)) {
            target = stage.work().resolve("received");
            outside = new Outside(settings, console, stage, ByteBuffer.wrap(content).asReadOnlyBuffer());
            stage.start(new CardTask(stage.device(), settings.mtu(), settings.shape(), target, settings.offloads()));
            outsideDone = cardIsUp.thenRunAsync(() -> runOutside(outside));
            exitCode = stage.await();
            accelerator = stage.accelerator();
        } finally {
            cardEnded = true;
            cardIsUp.completeExceptionally(new IOException("the card's program ended before its card was up"));
        }
        awaitEnd(outsideDone);
        byte[] written = Files.exists(target) ? Files.readAllBytes(target) : null;
        double seconds = (System.nanoTime() - start) / 1e9;
        return new DemoResult(settings, report, exitCode, accelerator, outside, content, written, seconds);
    }

    private Stage stage(Path folder) throws IOException {
        return switch (settings.device()) {
            case DemoDevice.InGuest(String card) -> new GuestStage(card, settings, console, folder, this::take);
            case DemoDevice.Local card -> new LocalStage(card, settings, console, folder, this::take);
        };
    }

    private void runOutside(Outside outside) {
        try {
            outside.run(() -> cardEnded);
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

    /** Takes a line of the card's program, and shows what a person wants to see at once. */
    private void take(String line) {
        String key = report.take(line);
        switch (key) {
            case Report.LINK_MBPS -> describe();
            case Report.READY -> cardIsUp.complete(null);
            case Report.GATEWAY -> console.say("ARP: the gateway " + Station.text(DemoNetwork.GATEWAY_IP) + " is at "
                    + report.text(key) + ".");
            case Report.PING_REPLIES -> console.say("Ping: the gateway answered " + report.text(key) + " of "
                    + GatewayProbe.PINGS + " echoes.");
            case Report.WRITTEN ->
                    console.say("  The card's program has the file and wrote it; it sends it back from the same buffers.");
            default -> {
            }
        }
    }

    private void describe() {
        console.say("Card: " + report.text(Report.CARD) + " at " + report.text(Report.DEVICE) + ", "
                + report.text(Report.MAC) + ", link " + report.text(Report.LINK_MBPS) + " Mb/s");
        report.group(Report.FACT).forEach((name, value) -> {
            if (!value.isEmpty()) {
                console.say("  " + name + ": " + value);
            }
        });
        console.say("Offload plan:");
        report.group(Report.OFFLOAD).forEach((name, value) -> {
            int space = value.indexOf(' ');
            console.say("  %-20s %-9s %s".formatted(name, value.substring(0, space), value.substring(space + 1)));
        });
    }
}

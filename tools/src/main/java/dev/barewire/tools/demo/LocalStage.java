package dev.barewire.tools.demo;

import dev.barewire.testkit.wire.StreamWire;
import dev.barewire.tools.guest.Accelerator;
import dev.barewire.tools.guest.Leash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A card without hardware, {@code qemu:} or {@code model:}, and a JVM of its own on this machine. */
final class LocalStage implements Stage {
    private final DemoDevice.Local card;
    private final DemoSettings settings;
    private final Console console;
    private final Path folder;
    private final Consumer<String> lines;
    private final Cables cables;
    private final ServerSocketChannel server;
    private Leash program;

    /**
     * Lays the cables.
     *
     * @param card the card
     * @param settings what is asked for
     * @param console where it is told of
     * @param folder the run's own, removed after it
     * @param lines is given what the program reports
     */
    LocalStage(DemoDevice.Local card, DemoSettings settings, Console console, Path folder, Consumer<String> lines)
            throws IOException {
        this.card = card;
        this.settings = settings;
        this.console = console;
        this.folder = folder;
        this.lines = lines;
        cables = Cables.in(folder);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(cables.socket()));
    }

    @Override
    public String device() {
        return card.name(settings, cables);
    }

    @Override
    public Path work() {
        return folder;
    }

    @Override
    public void start(CardTask task) throws IOException {
        program = new Leash(CardJvm.command(task, console), Files.createDirectory(folder.resolve("program")));
    }

    @Override
    public StreamWire wire() throws IOException {
        return StreamWire.accept(server);
    }

    @Override
    public int udpPort() {
        return cables.udpPort();
    }

    @Override
    public Accelerator accelerator() {
        return null;
    }

    @Override
    public int await() {
        try {
            program.output().transferTo(new LineStream(line -> {
                if (Report.isLine(line)) {
                    lines.accept(line);
                } else {
                    console.say("program: " + line);
                }
            }));
        } catch (IOException e) {
            throw new UncheckedIOException("the output of the card's program cannot be read", e);
        }
        program.close();
        return program.exitCode();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * A throw-away guest that runs one command. QEMU dies with this JVM, however that dies.
 *
 * <pre>{@code
 * GuestResult result = Guest.run(GuestConfig.command("uname", "-a").stdout(out));
 * }</pre>
 */
public final class Guest implements AutoCloseable {
    /** Where the guest reaches the host's loopback over the management card. */
    public static final String HOST_ADDRESS = "10.9.9.2";
    private static final String GUEST_ADDRESS = "10.9.9.15/24";

    private final GuestConfig config;
    private final Accelerator accelerator;
    private final boolean retried;
    private final Path console;
    private final GuestLink link;
    private final double bootSeconds;
    private final long commandStart;

    private Guest(GuestConfig config, Prerequisites prerequisites, Accelerator accelerator, boolean retried)
            throws IOException {
        this.config = config;
        this.accelerator = accelerator;
        this.retried = retried;
        Path folder = Files.createTempDirectory("barewire-guest-");
        this.console = folder.resolve("console");
        long start = System.nanoTime();
        String token = "end-" + folder.getFileName();
        Initrd.write(folder.resolve("initrd"), prerequisites, config.allModules(), variables(token), commandScript());
        link = new GuestLink(QemuCommand.of(prerequisites, config, accelerator, folder, console), folder, token,
                config.stdout, config.stderr);
        try {
            expect("started", start + config.bootLimit.toNanos());
        } catch (GuestException e) {
            link.close();
            throw e;
        }
        commandStart = System.nanoTime();
        bootSeconds = (commandStart - start) / 1e9;
    }

    /**
     * Boots a guest, runs its command and waits for its end.
     *
     * @param config what to run
     * @return how it ended
     * @throws GuestException if the guest cannot be had, does not boot twice, or exceeds its time limit
     */
    public static GuestResult run(GuestConfig config) {
        try (Guest guest = start(config)) {
            return guest.await();
        }
    }

    /**
     * Boots a guest and returns when its command has started. Gets what the machine lacks; a failed boot is tried once
     * more.
     *
     * @param config what to run
     * @return the running guest, to be closed
     * @throws GuestException if the guest cannot be had or does not boot twice
     */
    public static Guest start(GuestConfig config) {
        Prerequisites prerequisites = Prerequisites.ensure(config.notices);
        Accelerator accelerator = config.accelerator != null ? config.accelerator
                : AcceleratorProbe.find(config.notices, probe -> boot(probe, prerequisites, Accelerator.KVM, false));
        try {
            return boot(config, prerequisites, accelerator, false);
        } catch (GuestException e) {
            config.notices.accept("The guest did not boot, trying once more: " + e.getMessage());
            return boot(config, prerequisites, accelerator, true);
        }
    }

    private static Guest boot(GuestConfig config, Prerequisites prerequisites, Accelerator accelerator, boolean retried) {
        try {
            return new Guest(config, prerequisites, accelerator, retried);
        } catch (IOException e) {
            throw new UncheckedIOException("QEMU cannot be started", e);
        }
    }

    private String variables(String token) {
        StringBuilder bindings = new StringBuilder();
        config.cards.stream().filter(card -> !card.driver().isEmpty())
                .forEach(card -> bindings.append(card.function()).append('=').append(card.driver()).append(' '));
        return "END=" + token
                + "\nWORK=" + (config.work == null ? "" : Programs.quoted(config.work.toString()))
                + "\nBINDINGS=" + Programs.quoted(bindings.toString())
                + "\nMANAGEMENT_MAC=" + (config.management ? QemuCommand.MANAGEMENT_MAC : "")
                + "\nMANAGEMENT_ADDRESS=" + GUEST_ADDRESS
                + "\nMANAGEMENT_GATEWAY=" + HOST_ADDRESS + "\n";
    }

    private String commandScript() {
        StringBuilder script = new StringBuilder("echo $$ >/run/barewire/pid\n"
                + "export HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
        config.environment.forEach((name, value) ->
                script.append("export ").append(name).append('=').append(Programs.quoted(value)).append('\n'));
        script.append("cd ").append(Programs.quoted(config.directory.toString())).append(" || exit 126\n");
        return script.append("exec ").append(Programs.quoted(config.command)).append('\n').toString();
    }

    /** Waits for a report that begins with a word, and returns the rest of it. */
    private String expect(String word, long deadline) {
        for (;;) {
            String report = link.report(deadline);
            if (report == null) {
                throw failure("the guest did not report '" + word + "' in time");
            } else if (report.startsWith(GuestLink.ENDED)) {
                throw failure("QEMU ended before the guest reported '" + word + "'"
                        + report.substring(GuestLink.ENDED.length()));
            } else if (report.startsWith("failed ")) {
                throw failure("the guest could not " + report.substring("failed ".length()));
            } else if (report.startsWith(word)) {
                return report.substring(word.length()).strip();
            }
        }
    }

    /** Makes an error that names the console's log, which is saved from the run's folder before that is removed. */
    private GuestException failure(String what) {
        String message = what + " (" + accelerator + ")";
        try {
            if (Files.notExists(console) || Files.size(console) == 0) {
                return new GuestException(message + "; the guest's console is empty");
            }
            Path log = Files.createTempFile(Cache.folder("logs"), "guest-", ".log");
            Files.copy(console, log, StandardCopyOption.REPLACE_EXISTING);
            return new GuestException(message + "; the console's log is " + log);
        } catch (IOException e) {
            return new GuestException(message + "; the console's log cannot be saved", e);
        }
    }

    /**
     * Sends a signal to the command.
     *
     * @param name the signal's name without SIG: {@code TERM}
     */
    public void signal(String name) {
        if (!name.matches("[A-Z0-9]+")) {
            throw new IllegalArgumentException("no signal: " + name);
        }
        link.order("signal " + name);
    }

    /** {@return what runs the guest's processor} */
    public Accelerator accelerator() {
        return accelerator;
    }

    /** {@return whether the first boot failed} */
    public boolean retried() {
        return retried;
    }

    /** {@return seconds from the start of QEMU to the start of the command} */
    public double bootSeconds() {
        return bootSeconds;
    }

    /**
     * Waits for the command's end.
     *
     * @return how it ended; all its output has been written by then
     * @throws GuestException if the time limit passes or the guest dies; QEMU is killed
     */
    public GuestResult await() {
        try {
            int code = Integer.parseInt(expect("exit", commandStart + config.timeLimit.toNanos()));
            double seconds = (System.nanoTime() - commandStart) / 1e9;
            String dmesg = link.finish(Duration.ofSeconds(10));
            if (dmesg == null) {
                throw failure("the guest's output stopped before its end");
            }
            return new GuestResult(code, accelerator, retried, bootSeconds, seconds, dmesg);
        } finally {
            close();
        }
    }

    /** Kills QEMU, if it still runs, and removes what the run left behind. */
    @Override
    public void close() {
        link.close();
    }
}

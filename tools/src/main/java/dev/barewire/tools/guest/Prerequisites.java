package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the guest lab needs of the machine. QEMU and tshark are installed; a static busybox and a kernel are unpacked into
 * the cache and never installed.
 *
 * @param qemu the emulator
 * @param busybox a busybox without shared libraries
 * @param kernel Debian's kernel
 */
public record Prerequisites(Path qemu, Path busybox, Kernel kernel) {
    /** The first QEMU whose igb card splits headers. */
    public static final Version OLDEST_QEMU = Version.of(8, 1);
    /** The emulator's program. */
    public static final String QEMU = "qemu-system-x86_64";

    /**
     * Finds what a guest needs, and gets what is missing.
     *
     * @param notices told in one line each what is fetched and installed
     * @return where everything is
     * @throws GuestException if something is missing and cannot be got; the message lists the commands that get it
     */
    public static Prerequisites ensure(Consumer<String> notices) {
        return ensure(List.of(), notices);
    }

    /**
     * Finds what a guest and the tests need, and gets what is missing: the former and tshark.
     *
     * @param notices told in one line each what is fetched and installed
     * @return where everything is
     * @throws GuestException if something is missing and cannot be got; the message lists the commands that get it
     */
    public static Prerequisites ensureForTests(Consumer<String> notices) {
        return ensure(List.of("tshark"), notices);
    }

    /**
     * Looks whether everything is there, and gets nothing but package lists.
     *
     * @param notices told in one line each what is fetched
     * @throws GuestException if something is missing; the message lists the commands that get it
     */
    public static void require(Consumer<String> notices) {
        if (complete(List.of())) {
            return;
        }
        List<String> packages = missingPackages(List.of());
        Apt apt = new Apt(notices);
        String install = "";
        if (!packages.isEmpty()) {
            apt.update();
            install = "\n  sudo " + Programs.quoted(apt.installCommand(packages));
        }
        throw new GuestException("the guest lab is not complete. Run:" + install + "\n  ./barewire setup");
    }

    private static synchronized Prerequisites ensure(List<String> programs, Consumer<String> notices) {
        try (FileChannel channel = FileChannel.open(Cache.folder("").resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
            Optional<Apt> apt = lock.isValid() && complete(programs) ? Optional.empty() : Optional.of(new Apt(notices));
            apt.ifPresent(a -> install(a, missingPackages(programs)));
            Path packages = Cache.folder("packages");
            Path busybox = packages.resolve("busybox-static");
            if (!Files.exists(busybox)) {
                apt.orElseThrow().unpack("busybox-static", busybox);
            }
            Kernel kernel = cachedKernel().orElseGet(() -> {
                String name = apt.orElseThrow().kernelPackage();
                apt.get().unpack(name, packages.resolve(name));
                return Kernel.in(packages.resolve(name)).map(Kernel::decompressed)
                        .orElseThrow(() -> new GuestException("the package " + name + " holds no kernel"));
            });
            return new Prerequisites(Programs.find(QEMU).orElseThrow(), busyboxIn(busybox), kernel);
        } catch (IOException e) {
            throw new UncheckedIOException("the lab's cache cannot be used", e);
        }
    }

    private static boolean complete(List<String> programs) {
        return missingPackages(programs).isEmpty() && cachedKernel().isPresent()
                && Files.exists(Cache.folder("packages").resolve("busybox-static"));
    }

    private static List<String> missingPackages(List<String> programs) {
        List<String> missing = new ArrayList<>();
        if (qemuVersion().filter(version -> version.compareTo(OLDEST_QEMU) >= 0).isEmpty()) {
            missing.add("qemu-system-x86");
        }
        programs.stream().filter(program -> Programs.find(program).isEmpty()).forEach(missing::add);
        return missing;
    }

    /**
     * Looks what the guest lab lacks, and gets nothing.
     *
     * @return the packages that would be installed or unpacked; empty if all is there
     */
    public static List<String> missing() {
        List<String> missing = missingPackages(List.of());
        if (!Files.exists(Cache.folder("packages").resolve("busybox-static"))) {
            missing.add("busybox-static");
        }
        if (cachedKernel().isEmpty()) {
            missing.add("linux-image-amd64");
        }
        return missing;
    }

    private static void install(Apt apt, List<String> packages) {
        if (packages.isEmpty()) {
            return;
        }
        if (System.getProperty("user.name").equals("root")) {
            apt.install(List.of(), packages);
        } else if (Programs.find("sudo").isPresent() && succeeds("sudo", "-n", "true")) {
            apt.install(List.of("sudo", "-n"), packages);
        } else {
            apt.update();
            String found = qemuVersion().map(version -> " (QEMU " + version + " is here, " + OLDEST_QEMU + " is needed)")
                    .orElse("");
            throw new GuestException("the guest lab needs " + String.join(", ", packages) + found
                    + ", and only root can install packages. Run:\n  sudo "
                    + Programs.quoted(apt.installCommand(packages)));
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Programs.output(command);
            return true;
        } catch (GuestException e) {
            return false;
        }
    }

    private static Optional<Version> qemuVersion() {
        return Programs.find(QEMU).flatMap(qemu ->
                Version.in(new String(Programs.output(qemu.toString(), "--version"), StandardCharsets.UTF_8)));
    }

    private static Optional<Kernel> cachedKernel() {
        try (Stream<Path> folders = Files.list(Cache.folder("packages"))) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("linux-image-"))
                    .flatMap(folder -> Kernel.in(folder).stream())
                    .max(Comparator.comparing(found -> Version.in(found.version()).orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException("the lab's cache cannot be read", e);
        }
    }

    private static Path busyboxIn(Path folder) {
        return Stream.of("usr/bin/busybox", "bin/busybox").map(folder::resolve).filter(Files::exists).findFirst()
                .orElseThrow(() -> new GuestException("no busybox in " + folder + ": remove that folder"));
    }
}

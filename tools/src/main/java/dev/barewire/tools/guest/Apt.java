package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Debian's package manager, pointed at the Debian mirrors that the machine's sources name, plus backports. Source list and
 * package lists live in the lab's cache, so the machine's own are neither changed nor asked.
 */
final class Apt {
    private static final Path ETC = Path.of("/etc/apt");
    private static final Pattern KERNEL = Pattern.compile("Depends: (linux-image-\\d\\S*-amd64)");

    private final String codename;
    private final int release;
    private final Path log = Cache.folder("logs").resolve("apt.log");
    private final Path lists = Cache.folder("apt/lists");
    private final Path parts = Cache.folder("apt/sources");
    private final Consumer<String> notices;
    private boolean updated;

    /**
     * Reads the machine's release and sources.
     *
     * @param notices told what is fetched
     * @throws GuestException if the machine is no Debian or names no mirror
     */
    Apt(Consumer<String> notices) {
        this.notices = notices;
        try {
            Map<String, String> os = osRelease(Files.readString(Path.of("/etc/os-release")));
            codename = os.getOrDefault("VERSION_CODENAME", "");
            release = Integer.parseInt(os.getOrDefault("VERSION_ID", "0").replaceFirst("\\D.*", ""));
            List<AptSource> sources = AptSource.debian(machineSources(), codename);
            if (!os.getOrDefault("ID", "").equals("debian") || sources.isEmpty()) {
                throw new GuestException("packages for the guest lab come from Debian's mirrors, but " + ETC
                        + " names none for this system (" + os.getOrDefault("PRETTY_NAME", "unknown")
                        + "): run on Debian 12 or 13, or add 'deb http://YOUR-MIRROR/debian bookworm main' there");
            }
            Files.writeString(parts.resolve("barewire.sources"),
                    sources.stream().map(AptSource::stanza).collect(Collectors.joining("\n")));
        } catch (IOException e) {
            throw new UncheckedIOException("apt's sources cannot be read", e);
        }
    }

    private static Map<String, String> osRelease(String text) {
        return text.lines().filter(line -> line.contains("=")).collect(Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1).replace("\"", "")));
    }

    private static List<AptSource> machineSources() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ETC.resolve("sources.list")));
        if (Files.isDirectory(ETC.resolve("sources.list.d"))) {
            try (Stream<Path> more = Files.list(ETC.resolve("sources.list.d"))) {
                more.sorted().forEach(files::add);
            }
        }
        List<AptSource> sources = new ArrayList<>();
        for (Path file : files) {
            if (file.toString().endsWith(".list") && Files.isReadable(file)) {
                sources.addAll(AptSource.parseList(Files.readString(file)));
            } else if (file.toString().endsWith(".sources") && Files.isReadable(file)) {
                sources.addAll(AptSource.parseDeb822(Files.readString(file)));
            }
        }
        return sources;
    }

    private List<String> command(String program, String... arguments) {
        List<String> options = List.of(program, "-o", "Dir::Etc::SourceList=/dev/null", "-o",
                "Dir::Etc::SourceParts=" + parts, "-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache::pkgcache=", "-o",
                "Dir::Cache::srcpkgcache=", "-o", "DPkg::Lock::Timeout=120");
        return Programs.join(options, List.of(arguments));
    }

    /** {@return the command that installs packages, from backports where the release's own QEMU is too old} */
    List<String> installCommand(List<String> packages) {
        List<String> install = command("apt-get", "install", "-y", "--no-install-recommends");
        List<String> suite = release <= 12 ? List.of("-t", codename + "-backports") : List.of();
        return Programs.join(Programs.join(install, suite), packages);
    }

    /** Installs packages; only root can. */
    void install(List<String> privilege, List<String> packages) {
        update();
        notices.accept("Installing " + String.join(", ", packages) + (release <= 12 ? " (" + codename + "-backports)" : ""));
        Programs.logged(log, Programs.join(privilege, installCommand(packages)));
    }

    /** Fetches the package lists, once. */
    void update() {
        if (!updated) {
            notices.accept("Fetching package lists of Debian " + codename);
            Programs.logged(log, command("apt-get", "update"));
            updated = true;
        }
    }

    /** {@return the name of the package with the release's current kernel} */
    String kernelPackage() {
        update();
        String[] command = command("apt-cache", "depends", "linux-image-amd64").toArray(String[]::new);
        Matcher matcher = KERNEL.matcher(new String(Programs.output(command), StandardCharsets.UTF_8));
        if (!matcher.find()) {
            throw new GuestException("the package linux-image-amd64 of Debian " + codename
                    + " depends on no linux-image-<version>-amd64: see " + Programs.quoted(List.of(command)));
        }
        return matcher.group(1);
    }

    /**
     * Downloads a package and unpacks it, without installing it.
     *
     * @param name the package
     * @param target the folder to make; it appears only when it is complete
     */
    void unpack(String name, Path target) {
        update();
        notices.accept("Unpacking " + name + " into " + target);
        try {
            Path scratch = Files.createTempDirectory(target.getParent(), "unpacking-");
            try {
                String download = "cd " + Programs.quoted(scratch.toString()) + " && "
                        + Programs.quoted(command("apt-get", "download", name)) + " && dpkg-deb -x ./*.deb files";
                Programs.logged(log, List.of("sh", "-c", download));
                Files.move(scratch.resolve("files"), target);
            } finally {
                Programs.logged(log, List.of("rm", "-rf", scratch.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the package " + name + " cannot be kept in " + target, e);
        }
    }
}

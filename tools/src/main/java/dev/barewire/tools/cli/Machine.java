package dev.barewire.tools.cli;

import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.uio.UioReadiness;
import dev.barewire.driver.vfio.VfioReadiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A machine as the kernel's files show it.
 *
 * @param root         where {@code sys}, {@code proc}, {@code dev} and {@code boot} are
 * @param mayOpen      whether this process may read and write a file
 * @param architecture as Java calls it: {@code amd64}
 */
record Machine(Path root, Predicate<Path> mayOpen, String architecture) {
    static Machine below(final Path root) {
        return new Machine(root, file -> Files.isReadable(file) && Files.isWritable(file), System.getProperty("os.arch"));
    }

    PciBus bus() {
        return new PciBus(root);
    }

    VfioReadiness readiness() {
        return new VfioReadiness(bus(), mayOpen);
    }

    UioReadiness uioReadiness() {
        return new UioReadiness(bus(), mayOpen);
    }

    boolean has(final String path) {
        return Files.exists(root.resolve(path));
    }

    /** A file's text without space around it, if it is there and may be read. */
    Optional<String> text(final String path) {
        try {
            return Optional.of(Files.readString(root.resolve(path)).strip());
        } catch (final IOException unreadable) {
            return Optional.empty();
        }
    }

    /** The number that a file begins with, or 0. */
    long number(final String path) {
        return text(path).filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong).orElse(0L);
    }

    /** The text of a compressed file, if it is there and may be read. */
    Optional<String> unzipped(final String path) {
        try (GZIPInputStream stream = new GZIPInputStream(Files.newInputStream(root.resolve(path)))) {
            return Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException unreadable) {
            return Optional.empty();
        }
    }

    /** What follows a name and a colon at the beginning of a line, if a file has one. */
    Optional<String> field(final String path, final String name) {
        return text(path).stream().flatMap(String::lines).filter(line -> line.matches(name + "\\s*:.*"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst();
    }

    /** The names in a folder, in order; none if it is not there. */
    List<String> names(final String path) {
        if (!Files.isDirectory(root.resolve(path))) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root.resolve(path))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An unpacked kernel package.
 *
 * @param version the kernel's release, {@code 6.1.0-40-amd64}
 * @param image the bootable image
 * @param modules the folder with its modules
 */
record Kernel(String version, Path image, Path modules) {
    private static final String IMAGE = "vmlinuz-";

    /**
     * Looks at an unpacked package.
     *
     * @param folder the package's root
     * @return the kernel, if the folder holds one
     */
    static Optional<Kernel> in(Path folder) {
        try (Stream<Path> files = Files.exists(folder.resolve("boot")) ? Files.list(folder.resolve("boot")) : Stream.of()) {
            return files.filter(file -> file.getFileName().toString().startsWith(IMAGE)).map(image -> {
                String version = image.getFileName().toString().substring(IMAGE.length());
                Path merged = folder.resolve("usr/lib/modules").resolve(version);
                Path modules = Files.isDirectory(merged) ? merged : folder.resolve("lib/modules").resolve(version);
                return new Kernel(version, image, modules);
            }).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel folder " + folder + " cannot be read", e);
        }
    }
}

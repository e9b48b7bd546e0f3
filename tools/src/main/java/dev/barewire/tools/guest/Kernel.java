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
    private static final String PLAIN_IMAGE = "vmlinux-";

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
                Path plain = image.resolveSibling(PLAIN_IMAGE + version);
                return new Kernel(version, Files.exists(plain) ? plain : image, modules);
            }).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel folder " + folder + " cannot be read", e);
        }
    }

    /** {@return this kernel with its image decompressed, if it can boot that way} */
    Kernel decompressed() {
        Path folder = image.getParent();
        Path plain = folder.resolve(PLAIN_IMAGE + version);
        try {
            KernelImage.decompress(image, folder.resolve("config-" + version), plain);
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel image " + image + " cannot be decompressed", e);
        }
        return new Kernel(version, Files.exists(plain) ? plain : image, modules);
    }
}

package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder in which the lab keeps what it fetched and found out: {@code ${XDG_CACHE_HOME:-~/.cache}/barewire}. */
final class Cache {
    private Cache() {
    }

    /** {@return a folder of the cache, made if it is not there} */
    static Path folder(String name) {
        String base = System.getenv("XDG_CACHE_HOME");
        Path root = base == null || base.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        try {
            return Files.createDirectories(root.resolve("barewire").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("the cache folder " + root + " cannot be written: set XDG_CACHE_HOME", e);
        }
    }
}

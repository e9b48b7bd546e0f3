package dev.barewire.tools.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The packages of the modules as they lie on disk: a {@code package-info} without annotations leaves no class file. */
final class SourceTree {
    private SourceTree() {
    }

    static List<Path> packages(final Path project) throws IOException {
        final List<Path> packages = new ArrayList<>();
        try (Stream<Path> modules = Files.list(project)) {
            for (final Path sources : modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).distinct()
                        .forEach(packages::add);
                }
            }
        }
        return packages;
    }

    static List<Path> undocumented(final Path project) throws IOException {
        final List<Path> bad = new ArrayList<>();
        for (final Path folder : packages(project)) {
            final Path info = folder.resolve("package-info.java");
            if (!Files.exists(info) || !Files.readString(info).startsWith("/**")) {
                bad.add(folder);
            }
        }
        return bad;
    }
}

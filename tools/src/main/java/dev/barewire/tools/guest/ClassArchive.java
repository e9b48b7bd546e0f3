package dev.barewire.tools.guest;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * An archive of the classes that a Java program in the guest loads (class data sharing), made on the host. In an emulated
 * machine most of a program's start is the loading of classes, and from an archive they come ready.
 */
public final class ClassArchive {
    private static final String SUFFIX = ".jsa";
    private static final int KEPT = 4;

    private ClassArchive() {
    }

    /**
     * Finds the archive in the lab's cache, or makes it: once for each build of the program.
     *
     * @param java the JVM and its options, as the guest will use them
     * @param classPath jar files, as the guest will use them
     * @param rehearsal a main class that loads on the host what the program will load in the guest
     * @param notices told when an archive is made, or why there is none
     * @return the archive; nothing where none could be made, and then the program starts slower
     */
    public static Optional<Path> ensure(List<String> java, String classPath, String rehearsal, Consumer<String> notices) {
        try {
            Path folder = Cache.folder("classes");
            Path archive = folder.resolve(key(java, classPath) + SUFFIX);
            if (!Files.exists(archive)) {
                notices.accept("Archiving the classes of the guest's program, once for each build");
                make(java, classPath, rehearsal, archive);
                removeOld(folder);
            }
            return Optional.of(archive);
        } catch (GuestException e) {
            notices.accept("No archive of the guest's classes: " + e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the lab's cache cannot be used", e);
        }
    }

    /** The JVM refuses an archive when one of these has changed. */
    private static String key(List<String> java, String classPath) throws IOException {
        StringBuilder what = new StringBuilder().append(java).append(System.getProperty("java.vm.version"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path file = Path.of(entry);
            what.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
        }
        CRC32 crc = new CRC32();
        crc.update(what.toString().getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }

    private static void make(List<String> java, String classPath, String rehearsal, Path archive) throws IOException {
        Path scratch = Files.createTempDirectory(archive.getParent(), "writing-");
        Path classes = scratch.resolve("classes");
        Path unfinished = scratch.resolve("archive");
        try {
            run(java, List.of("-XX:DumpLoadedClassList=" + classes, "-cp", classPath, rehearsal));
            run(java, List.of("-Xshare:dump", "-Xlog:disable", "-XX:SharedClassListFile=" + classes,
                    "-XX:SharedArchiveFile=" + unfinished, "-cp", classPath));
            Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(classes);
            Files.deleteIfExists(unfinished);
            Files.delete(scratch);
        }
    }

    private static void run(List<String> java, List<String> more) {
        Programs.output(Programs.join(java, more).toArray(String[]::new));
    }

    /** Archives of earlier builds are of little use, and each has some 20 MB. */
    private static void removeOld(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Comparator<Path> newestFirst = Comparator.comparingLong(file -> -file.toFile().lastModified());
            for (Path old : files.filter(file -> file.toString().endsWith(SUFFIX)).sorted(newestFirst).skip(KEPT).toList()) {
                Files.deleteIfExists(old);
            }
        }
    }
}

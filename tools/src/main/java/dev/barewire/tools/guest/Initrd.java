package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * The guest's initial RAM disk: two archives in one file, which the kernel unpacks one after the other. The first (busybox,
 * the init script and the modules) is kept in the cache; the second says what this one run does.
 */
final class Initrd {
    private Initrd() {
    }

    /**
     * Writes the RAM disk of one run.
     *
     * @param target the file to write
     * @param prerequisites where busybox and the kernel are
     * @param modules the modules to load
     * @param config the init script's variables
     * @param command the shell script that starts the command
     */
    static void write(Path target, Prerequisites prerequisites, List<String> modules, String config, String command)
            throws IOException {
        Path base = base(prerequisites, modules);
        try (OutputStream out = Files.newOutputStream(target)) {
            Files.copy(base, out);
            try (CpioWriter cpio = new CpioWriter(new GZIPOutputStream(out))) {
                cpio.file("lab/config", config.getBytes(StandardCharsets.UTF_8));
                cpio.file("lab/command", command.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static Path base(Prerequisites prerequisites, List<String> modules) throws IOException {
        byte[] init = initScript();
        CRC32 crc = new CRC32();
        crc.update(init);
        crc.update(modules.toString().getBytes(StandardCharsets.UTF_8));
        String name = "%s-%08x.cpio.gz".formatted(prerequisites.kernel().version(), crc.getValue());
        Path cached = Cache.folder("initrd").resolve(name);
        if (!Files.exists(cached)) {
            Path scratch = Files.createTempFile(cached.getParent(), "writing-", null);
            writeBase(scratch, prerequisites, new KernelModules(prerequisites.kernel()).load(modules), init);
            Files.move(scratch, cached, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return cached;
    }

    private static void writeBase(Path target, Prerequisites prerequisites, Map<String, byte[]> modules, byte[] init)
            throws IOException {
        try (CpioWriter cpio = new CpioWriter(new GZIPOutputStream(Files.newOutputStream(target)))) {
            cpio.directory("bin");
            cpio.directory("dev");
            cpio.directory("lab");
            cpio.directory("lab/modules");
            cpio.file("bin/busybox", Files.readAllBytes(prerequisites.busybox()));
            cpio.file("init", init);
            for (Map.Entry<String, byte[]> module : modules.entrySet()) {
                cpio.file("lab/modules/" + module.getKey() + ".ko", module.getValue());
            }
            String order = String.join(".ko\n", modules.keySet()) + ".ko\n";
            cpio.file("lab/modules/order", order.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] initScript() {
        try (InputStream in = Initrd.class.getResourceAsStream("init.sh")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the init script is not on the class path", e);
        }
    }
}

package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The loadable modules of a kernel package, and the order in which they must be loaded. */
final class KernelModules {
    private static final int SECTION_TABLE = 0x28;
    private static final int SECTION_ENTRY_SIZE = 0x3A;
    private static final int SECTION_COUNT = 0x3C;
    private static final int SECTION_NAMES = 0x3E;

    private final Kernel kernel;
    private final Map<String, Path> files;
    private final Set<String> builtin;

    /** Lists the modules of a kernel. */
    KernelModules(Kernel kernel) throws IOException {
        this.kernel = kernel;
        try (Stream<Path> all = Files.walk(kernel.modules())) {
            files = all.filter(file -> file.getFileName().toString().matches(".*\\.ko(\\.xz)?"))
                    .collect(Collectors.toMap(KernelModules::name, file -> file, (first, second) -> first, HashMap::new));
        }
        Path list = kernel.modules().resolve("modules.builtin");
        builtin = Files.exists(list)
                ? Files.readAllLines(list).stream().map(line -> name(Path.of(line))).collect(Collectors.toSet())
                : Set.of();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.ko(\\.xz)?$", "").replace('-', '_');
    }

    /**
     * Reads modules and all that they depend on.
     *
     * @param names the wanted modules; those built into the kernel are passed over
     * @return module name to content, in loading order
     * @throws GuestException if the kernel does not have a module
     */
    Map<String, byte[]> load(List<String> names) {
        Map<String, byte[]> loaded = new LinkedHashMap<>();
        names.forEach(name -> load(name.replace('-', '_'), loaded));
        return loaded;
    }

    private void load(String name, Map<String, byte[]> loaded) {
        if (loaded.containsKey(name) || builtin.contains(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            throw new GuestException("the kernel " + kernel.version() + " has no module " + name + " in "
                    + kernel.modules() + ": remove that package's folder if it is damaged");
        }
        byte[] content = content(file);
        depends(content).forEach(other -> load(other, loaded));
        loaded.put(name, content);
    }

    private static byte[] content(Path file) {
        try {
            return file.toString().endsWith(".xz")
                    ? Programs.output("xz", "-dc", file.toString())
                    : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the module " + file + " cannot be read", e);
        }
    }

    /**
     * Reads which modules a module needs: the {@code depends=a,b} string of the {@code .modinfo} section of a 64-bit
     * little-endian ELF file (elf(5)).
     *
     * @param module the module's content
     * @return the names, in the order in which they stand there
     */
    static List<String> depends(byte[] module) {
        return modinfo(module).stream()
                .filter(entry -> entry.startsWith("depends="))
                .flatMap(entry -> Stream.of(entry.substring("depends=".length()).split(",")))
                .filter(name -> !name.isEmpty())
                .map(name -> name.replace('-', '_'))
                .toList();
    }

    private static List<String> modinfo(byte[] module) {
        ByteBuffer elf = ByteBuffer.wrap(module).order(ByteOrder.LITTLE_ENDIAN);
        int table = (int) elf.getLong(SECTION_TABLE);
        int entrySize = elf.getShort(SECTION_ENTRY_SIZE);
        int names = (int) elf.getLong(table + elf.getShort(SECTION_NAMES) * entrySize + 0x18);
        for (int i = 0; i < elf.getShort(SECTION_COUNT); i++) {
            int header = table + i * entrySize;
            if (text(module, names + elf.getInt(header)).equals(".modinfo")) {
                int offset = (int) elf.getLong(header + 0x18);
                int size = (int) elf.getLong(header + 0x20);
                String strings = new String(module, offset, size, StandardCharsets.ISO_8859_1);
                return List.of(strings.split("\0+"));
            }
        }
        return List.of();
    }

    private static String text(byte[] bytes, int from) {
        int to = from;
        while (bytes[to] != 0) {
            to++;
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

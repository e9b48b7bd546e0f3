package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModulesTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadDependenciesWhenTheModuleHasSome() {
        assertThat(KernelModules.depends(module("9pnet,netfs,fs-cache"))).containsExactly("9pnet", "netfs", "fs_cache");
        assertThat(KernelModules.depends(module(""))).isEmpty();
    }

    @Test
    void shouldLoadDependenciesFirstAndEachOnceWhenModulesShareThem() throws IOException {
        write("kernel/fs/9p.ko", module("9pnet"));
        write("kernel/net/9pnet.ko", module("virtio"));
        write("kernel/net/9pnet-virtio.ko", module("9pnet,virtio"));
        write("modules.builtin", "kernel/drivers/virtio/virtio.ko\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(modules().load(List.of("9p", "9pnet_virtio", "virtio"))).containsOnlyKeys("9pnet", "9p", "9pnet_virtio");
    }

    @Test
    void shouldNameTheModuleWhenTheKernelLacksIt() {
        assertThatThrownBy(() -> modules().load(List.of("nothing")))
                .isInstanceOf(GuestException.class).hasMessageContaining("no module nothing");
    }

    private KernelModules modules() throws IOException {
        return new KernelModules(new Kernel("6.1", folder.resolve("vmlinuz"), folder));
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** Makes an ELF file of a null section, a .modinfo section and the table of section names. */
    private static byte[] module(String depends) {
        byte[] modinfo = ("license=GPL\0depends=" + depends + "\0name=x\0").getBytes(StandardCharsets.US_ASCII);
        byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
        int table = 64 + modinfo.length + names.length;
        ByteBuffer elf = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.putLong(0x28, table).putShort(0x3A, (short) 64).putShort(0x3C, (short) 3).putShort(0x3E, (short) 2);
        elf.put(64, modinfo).put(64 + modinfo.length, names);
        section(elf, table + 64, 1, 64, modinfo.length);
        section(elf, table + 128, 10, 64 + modinfo.length, names.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int header, int name, int offset, int size) {
        elf.putInt(header, name).putLong(header + 0x18, offset).putLong(header + 0x20, size);
    }
}

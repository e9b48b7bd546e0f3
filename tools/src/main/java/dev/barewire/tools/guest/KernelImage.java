package dev.barewire.tools.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A compressed x86 boot image. A kernel built for it (CONFIG_PVH) also boots as a plain ELF file, which spares QEMU's
 * translator the decompression: about two seconds of every boot.
 */
final class KernelImage {
    /** Offsets of the real-mode header (the kernel's "Linux/x86 boot protocol", 2.08 and later). */
    private static final int SETUP_SECTORS = 0x1F1;
    private static final int MAGIC = 0x202;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24C;
    private static final int HDRS = 0x53726448;
    private static final int SECTOR = 512;

    private KernelImage() {
    }

    /**
     * Finds the compressed ELF file within a boot image.
     *
     * @param image the boot image
     * @return the compressed file; empty if this is no such image
     */
    static byte[] payload(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < PAYLOAD_LENGTH + Integer.BYTES || header.getInt(MAGIC) != HDRS) {
            return new byte[0];
        }
        long start = (long) (Byte.toUnsignedInt(image[SETUP_SECTORS]) + 1) * SECTOR
                + Integer.toUnsignedLong(header.getInt(PAYLOAD_OFFSET));
        long end = start + Integer.toUnsignedLong(header.getInt(PAYLOAD_LENGTH));
        return end <= image.length ? Arrays.copyOfRange(image, (int) start, (int) end) : new byte[0];
    }

    /**
     * Writes the plain ELF file if the kernel can boot from it and is compressed with xz, as Debian's are.
     *
     * @param image the boot image
     * @param config the kernel's configuration
     * @param target the file to write; it appears only when it is complete
     */
    static void decompress(Path image, Path config, Path target) throws IOException {
        byte[] payload = payload(Files.readAllBytes(image));
        boolean xz = payload.length > 2 && payload[1] == '7' && payload[2] == 'z';
        if (xz && Files.readAllLines(config).contains("CONFIG_PVH=y")) {
            Path compressed = target.resolveSibling(target.getFileName() + ".xz");
            Path scratch = target.resolveSibling(target.getFileName() + ".part");
            Files.write(compressed, payload);
            // The length of the ELF file follows the stream, so the file must be read as one stream and no more.
            Files.write(scratch, Programs.output("xz", "-dc", "--single-stream", compressed.toString()));
            Files.delete(compressed);
            Files.move(scratch, target);
        }
    }
}

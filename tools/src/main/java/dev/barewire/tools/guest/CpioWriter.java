package dev.barewire.tools.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an initial RAM disk in the "new ASCII" cpio format: for each entry a header of 110 characters (a magic number and
 * 13 fields of 8 hexadecimal digits), the name with a zero, and the data, each padded to 4 bytes (cpio(5); the kernel's
 * "initramfs buffer format").
 */
final class CpioWriter implements AutoCloseable {
    private static final int DIRECTORY = 0040755;
    private static final int EXECUTABLE = 0100755;
    private static final String TRAILER = "TRAILER!!!";

    private final OutputStream out;
    private long written;
    private int inode = 1;

    /**
     * Starts an archive.
     *
     * @param out where the archive goes; closed with the writer
     */
    CpioWriter(OutputStream out) {
        this.out = out;
    }

    /** Adds a folder; its parents must have been added. */
    void directory(String name) throws IOException {
        entry(name, DIRECTORY, new byte[0]);
    }

    /** Adds a file that anyone may read and run. */
    void file(String name, byte[] content) throws IOException {
        entry(name, EXECUTABLE, content);
    }

    private void entry(String name, int mode, byte[] content) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        int links = mode == DIRECTORY ? 2 : 1;
        int[] fields = {inode++, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, nameBytes.length + 1, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append("%08X".formatted(field));
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(nameBytes);
        write(new byte[1]);
        pad();
        write(content);
        pad();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad() throws IOException {
        write(new byte[(int) (-written & 3)]);
    }

    @Override
    public void close() throws IOException {
        entry(TRAILER, 0, new byte[0]);
        out.close();
    }
}

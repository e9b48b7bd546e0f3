package dev.barewire.tools.demo;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.demo.transfer.FileShape;
import dev.barewire.tools.demo.transfer.TransferHeader;
import dev.barewire.tools.frames.FrameWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo is asked for.
 *
 * @param device what it is shown on
 * @param mtu the card's MTU; above {@link DemoNetwork#USER_NETWORK_MTU} the raw Ethernet peer is the other side
 * @param fileBytes the length of the file
 * @param offloads what is forced
 * @param pcap where the traffic is kept, or null
 */
record DemoSettings(DemoDevice device, int mtu, int fileBytes, Map<Offload, Force> offloads, Path pcap) {
    static final int MIN_MTU = 576;
    static final int MAX_MTU = 9000;
    static final int DEFAULT_BYTES = 16 << 20;
    static final int MAX_BYTES = 256 << 20;

    /** Chunks start and end on a cache line's multiple. */
    private static final int CHUNK_MULTIPLE = 64;

    /** Refuses what cannot be, before anything is started. */
    DemoSettings {
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new IllegalArgumentException("--mtu " + mtu + " is out of range: the demo takes " + MIN_MTU
                    + " to " + MAX_MTU);
        }
        if (fileBytes < 1 || fileBytes > MAX_BYTES) {
            throw new IllegalArgumentException("--size " + fileBytes + " is out of range: the file can have 1 to "
                    + MAX_BYTES + " bytes, all of which lie in receive buffers at once");
        }
        if (pcap != null) {
            checkWritable(pcap);
        }
    }

    private static void checkWritable(Path file) {
        boolean there = Files.exists(file);
        try {
            Files.newOutputStream(file).close();
            if (!there) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("--pcap " + file + " cannot be written (" + e
                    + "): choose a file in a folder that is there and that you may write", e);
        }
    }

    /** {@return whether the raw Ethernet peer is the only other side} */
    boolean isRaw() {
        return mtu > DemoNetwork.USER_NETWORK_MTU || device instanceof DemoDevice.Model;
    }

    /** {@return whether the card is in a guest} */
    boolean isInGuest() {
        return device instanceof DemoDevice.InGuest;
    }

    /** {@return how the file is cut, so that each chunk with all its headers fills a frame} */
    FileShape shape() {
        int headers = FrameWriter.UDP_PAYLOAD - FrameWriter.IP + TransferHeader.DATA_START;
        return new FileShape(fileBytes, (mtu - headers) / CHUNK_MULTIPLE * CHUNK_MULTIPLE);
    }

    /**
     * Reads a size such as {@code 16m}, {@code 100k} or {@code 4711}.
     *
     * @param text digits, and k or m for KiB or MiB
     * @return bytes
     */
    static int bytes(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        int shift = digits.endsWith("k") ? 10 : digits.endsWith("m") ? 20 : 0;
        try {
            return Math.toIntExact(Math.multiplyExact(
                    Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1)), 1L << shift));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("--size " + text + " is no size: write bytes, or a number with k or m",
                    e);
        }
    }
}

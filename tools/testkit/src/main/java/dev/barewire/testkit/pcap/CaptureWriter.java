package dev.barewire.testkit.pcap;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes frames to a pcapng file with their direction and times in nanoseconds. Any thread may write. Frames are gathered
 * in a buffer of fixed size, which is written out when it is full, at {@link #flush()} and at {@link #close()}. Once the
 * file is open nothing here throws: when it cannot be written any more, such as on a full disk, it is cut behind the last
 * whole frame, further frames are counted as lost, and {@link #failure()} says why.
 */
public final class CaptureWriter implements AutoCloseable {
    /** The most bytes that are kept of a frame: longer ones are cut. */
    public static final int MAX_SNAPLEN = 1 << 18;
    /** More than the largest block. */
    private static final int BUFFER = 1 << 20;
    /** An enhanced packet block less its frame: fixed fields, the flags option, the end of options. */
    private static final int PACKET_OVERHEAD = PcapngBlock.OVERHEAD + 20 + 8 + 4;

    /** No channel: that one would be closed by the interrupt of a thread that writes. */
    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long writtenBytes;
    private long frames;
    private long framesInFile;
    private long lost;
    private String failure = "";
    private boolean open = true;

    /** Which way a frame went. */
    public enum Direction {
        /** Received. */
        IN,
        /** Sent. */
        OUT
    }

    /**
     * Opens a file, which is overwritten if it is there.
     *
     * @param file    where to
     * @param device  the name of the interface in the file
     * @param comment what whoever reads the file should know
     * @param snaplen the most bytes of a frame that will be given
     * @throws IOException if the file cannot be written
     */
    public CaptureWriter(final Path file, final String device, final String comment, final int snaplen) throws IOException {
        this(new FileOutputStream(file.toFile()), device, comment, snaplen);
    }

    CaptureWriter(final OutputStream out, final String device, final String comment, final int snaplen) throws IOException {
        this.out = out;
        try {
            sectionHeader(comment);
            interfaceDescription(device, snaplen);
            write();
        } catch (final IOException failed) {
            out.close();
            throw failed;
        }
    }

    private void sectionHeader(final String comment) {
        final int start = begin(PcapngBlock.SECTION_HEADER);
        buffer.putInt(PcapngBlock.BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(PcapngBlock.COMMENT, comment.getBytes(StandardCharsets.UTF_8));
        end(start);
    }

    private void interfaceDescription(final String device, final int snaplen) {
        final int start = begin(PcapngBlock.INTERFACE);
        buffer.putShort((short) PcapngBlock.ETHERNET).putShort((short) 0).putInt(snaplen);
        option(PcapngBlock.INTERFACE_NAME, device.getBytes(StandardCharsets.UTF_8));
        option(PcapngBlock.INTERFACE_RESOLUTION, new byte[] {PcapngBlock.NANOSECONDS});
        end(start);
    }

    private int begin(final int type) {
        final int start = buffer.position();
        buffer.putInt(type).putInt(0);
        return start;
    }

    private void option(final int code, final byte[] value) {
        buffer.putShort((short) code).putShort((short) value.length).put(value);
        pad(value.length);
    }

    private void end(final int start) {
        buffer.putInt(PcapngBlock.END_OF_OPTIONS);
        final int length = buffer.position() + Integer.BYTES - start;
        buffer.putInt(length).putInt(start + Integer.BYTES, length);
    }

    private void pad(final int length) {
        for (int i = length; i < PcapngBlock.padded(length); i++) {
            buffer.put((byte) 0);
        }
    }

    /**
     * Writes a frame. Does not throw.
     *
     * @param direction  which way it went
     * @param epochNanos when, since 1970
     * @param frame      its first bytes
     * @param captured   how many of them, at most {@link #MAX_SNAPLEN}
     * @param length     how many bytes it had in all
     */
    public synchronized void write(
        final Direction direction, final long epochNanos, final byte[] frame, final int captured, final int length) {
        if (buffer.remaining() < PACKET_OVERHEAD + PcapngBlock.padded(captured)) {
            flush();
        }
        if (!open) {
            lost++;
            return;
        }
        final int start = begin(PcapngBlock.ENHANCED_PACKET);
        buffer.putInt(0).putInt((int) (epochNanos >>> 32)).putInt((int) epochNanos).putInt(captured).putInt(length)
            .put(frame, 0, captured);
        pad(captured);
        buffer.putShort((short) PcapngBlock.PACKET_FLAGS).putShort((short) Integer.BYTES)
            .putInt(direction == Direction.IN ? PcapngBlock.INBOUND : PcapngBlock.OUTBOUND);
        end(start);
        frames++;
    }

    /** Brings what is in the buffer to the file, so that others can read it. Does not throw. */
    public synchronized void flush() {
        if (!open || buffer.position() == 0) {
            return;
        }
        try {
            write();
        } catch (final IOException failed) {
            stop(failed);
        }
    }

    private void write() throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        writtenBytes += buffer.position();
        framesInFile = frames;
        buffer.clear();
    }

    /** Leaves a file that can be read: what was written of a buffer that did not fit whole is cut off. */
    private void stop(final IOException reason) {
        failure = String.valueOf(reason.getMessage());
        lost += frames - framesInFile;
        frames = framesInFile;
        buffer.clear();
        open = false;
        try (out) {
            if (out instanceof FileOutputStream file) {
                file.getChannel().truncate(writtenBytes);
            }
        } catch (final IOException alsoFailed) {
            failure += "; " + alsoFailed.getMessage();
        }
    }

    /**
     * How many frames were written.
     *
     * @return those in the buffer included
     */
    public synchronized long frames() {
        return frames;
    }

    /**
     * How many frames were not written because the file could not be written any more, or was closed.
     *
     * @return frames
     */
    public synchronized long lost() {
        return lost;
    }

    /**
     * Why nothing is written any more.
     *
     * @return a few words, or an empty string
     */
    public synchronized String failure() {
        return failure;
    }

    /** Writes out what is in the buffer and closes the file. Closing twice does nothing, and nothing is thrown. */
    @Override
    public synchronized void close() {
        flush();
        if (!open) {
            return;
        }
        open = false;
        try {
            out.close();
        } catch (final IOException failed) {
            failure = String.valueOf(failed.getMessage());
        }
    }
}

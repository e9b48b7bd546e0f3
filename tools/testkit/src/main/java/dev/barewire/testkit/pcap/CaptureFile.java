package dev.barewire.testkit.pcap;

import dev.barewire.SetupException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames of a capture file, held in memory: pcapng, or pcap with times in microseconds or nanoseconds, of either byte
 * order. All of it is checked when it is read. A file that ends in the middle of a frame, as it does when who captured
 * it was killed, is read up to there.
 *
 * @param bytes  the file
 * @param frames where its frames lie in it, in the order of the file
 * @param isCut  whether it ends in the middle of a frame
 */
public record CaptureFile(byte[] bytes, List<Frame> frames, boolean isCut) {
    private static final int PCAP_MICROSECONDS = 0xa1b2c3d4;
    private static final int PCAP_NANOSECONDS = 0xa1b23c4d;
    private static final int PCAP_LINK_TYPE = 0x0fff_ffff;
    private static final int PCAP_HEADER = 24;
    private static final int PCAP_FRAME_HEADER = 16;

    /**
     * A frame of the file.
     *
     * @param nanos  when it was captured, since 1970
     * @param offset its first byte in the file
     * @param length bytes that were captured
     * @param whole  bytes that the frame had
     * @param isSent whether the file says that it was sent and not received
     */
    public record Frame(long nanos, int offset, int length, int whole, boolean isSent) {
    }

    /**
     * Reads a file.
     *
     * @param file which
     * @return its frames
     * @throws SetupException if it cannot be read, is no capture of Ethernet frames, or contradicts itself
     */
    public static CaptureFile read(final Path file) {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (final IOException | OutOfMemoryError failed) {
            throw new SetupException("the capture file " + file + " cannot be read (" + failed + ")",
                "name a file that this user can read, of less than 2 GiB and less than the heap: ls -l " + file, failed);
        }
        final Parser parser = new Parser(ByteBuffer.wrap(bytes), file);
        parser.parse();
        return new CaptureFile(bytes, List.copyOf(parser.frames), parser.isCut);
    }

    /** Walks through the file. */
    private static final class Parser {
        private final ByteBuffer in;
        private final Path file;
        private final List<Frame> frames = new ArrayList<>();
        private final List<Integer> resolutions = new ArrayList<>();
        private boolean isCut;

        Parser(final ByteBuffer in, final Path file) {
            this.in = in;
            this.file = file;
        }

        void parse() {
            final int magic = in.remaining() < Integer.BYTES ? 0 : in.getInt(0);
            try {
                if (magic == PcapngBlock.SECTION_HEADER) {
                    blocks();
                } else if (magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS) {
                    pcap(magic);
                } else {
                    in.order(ByteOrder.LITTLE_ENDIAN);
                    pcap(Integer.reverseBytes(magic));
                }
            } catch (final BufferUnderflowException | IndexOutOfBoundsException past) {
                throw refusal("a block of it is shorter than what it must hold");
            }
        }

        private void pcap(final int magic) {
            if (magic != PCAP_MICROSECONDS && magic != PCAP_NANOSECONDS) {
                throw refusal("it begins with neither pcap's nor pcapng's magic number");
            }
            final int unit = magic == PCAP_NANOSECONDS ? 1 : 1000;
            checkLinkType(in.getInt(20) & PCAP_LINK_TYPE);
            in.position(PCAP_HEADER);
            while (in.hasRemaining() && !isCut) {
                if (in.remaining() < PCAP_FRAME_HEADER) {
                    isCut = true;
                    return;
                }
                final long seconds = Integer.toUnsignedLong(in.getInt());
                final long nanos = seconds * 1_000_000_000 + Integer.toUnsignedLong(in.getInt()) * unit;
                final int length = in.getInt();
                frame(nanos, length, in.getInt(), in.limit(), false);
            }
        }

        private void blocks() {
            while (in.hasRemaining() && !isCut) {
                final int start = in.position();
                if (in.remaining() < PcapngBlock.OVERHEAD) {
                    isCut = true;
                    return;
                }
                final int type = in.getInt(start);
                if (type == PcapngBlock.SECTION_HEADER) {
                    in.order(ByteOrder.BIG_ENDIAN);
                    in.order(in.getInt(start + 8) == PcapngBlock.BYTE_ORDER ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                    resolutions.clear();
                }
                final int length = in.getInt(start + 4);
                if (length < PcapngBlock.OVERHEAD || length % 4 != 0) {
                    throw refusal("a block says that it has " + length + " bytes");
                }
                if (length > in.limit() - start) {
                    isCut = true;
                    return;
                }
                in.position(start + 8);
                block(in.getInt(start), start + length - Integer.BYTES);
                in.position(start + length);
            }
        }

        private void block(final int type, final int end) {
            switch (type) {
                case PcapngBlock.INTERFACE -> {
                    checkLinkType(in.getShort() & 0xffff);
                    in.position(in.position() + 6);
                    resolutions.add(option(PcapngBlock.INTERFACE_RESOLUTION, 1, end, 6));
                }
                case PcapngBlock.ENHANCED_PACKET -> enhancedPacket(end);
                case PcapngBlock.SIMPLE_PACKET -> {
                    final int whole = in.getInt();
                    final long before = frames.isEmpty() ? 0 : frames.getLast().nanos();
                    frame(before, Math.min(whole, end - in.position()), whole, end, false);
                }
                default -> {
                    // names, statistics and whatever else there may be
                }
            }
        }

        private void enhancedPacket(final int end) {
            final int port = in.getInt();
            if (port < 0 || port >= resolutions.size()) {
                throw refusal("a frame belongs to interface " + port + ", which it does not describe");
            }
            final long time = (long) in.getInt() << 32 | Integer.toUnsignedLong(in.getInt());
            final int length = in.getInt();
            final int whole = in.getInt();
            final int at = in.position();
            int flags = 0;
            if (length >= 0 && length <= end - at) {
                in.position(Math.min(end, at + PcapngBlock.padded(length)));
                flags = option(PcapngBlock.PACKET_FLAGS, Integer.BYTES, end, 0);
                in.position(at);
            }
            frame(nanos(time, resolutions.get(port)), length, whole, end,
                (flags & PcapngBlock.DIRECTION) == PcapngBlock.OUTBOUND);
        }

        /** Notes the frame at the position and steps over it; one that the file's end cuts is left out. */
        private void frame(final long nanos, final int length, final int whole, final int end, final boolean isSent) {
            if (length < 0 || whole < 0) {
                throw refusal("a frame says that it has " + length + " of " + whole + " bytes");
            }
            if (length > end - in.position()) {
                if (end < in.limit()) {
                    throw refusal("a frame of " + length + " bytes is longer than the block that it is in");
                }
                isCut = true;
                return;
            }
            if (length > 0) {
                frames.add(new Frame(nanos, in.position(), length, whole, isSent));
            }
            in.position(in.position() + length);
        }

        /** The value of an option of 1 or 4 bytes among those from the position on. */
        private int option(final int code, final int width, final int end, final int otherwise) {
            while (end - in.position() >= Integer.BYTES) {
                final int found = in.getShort() & 0xffff;
                final int length = in.getShort() & 0xffff;
                if (found == PcapngBlock.END_OF_OPTIONS) {
                    break;
                }
                if (found == code && length == width) {
                    return width == 1 ? in.get(in.position()) & 0xff : in.getInt(in.position());
                }
                in.position(Math.min(end, in.position() + PcapngBlock.padded(length)));
            }
            return otherwise;
        }

        /** A time of a unit that is a power of 10 or of 2, in nanoseconds. */
        private static long nanos(final long time, final int resolution) {
            final int power = resolution & 0x7f;
            if ((resolution & 0x80) != 0) {
                final double unit = Math.scalb(1e9, -power);
                return (long) (time * unit);
            }
            long nanos = time;
            for (int i = power; i < PcapngBlock.NANOSECONDS; i++) {
                nanos *= 10;
            }
            for (int i = PcapngBlock.NANOSECONDS; i < power; i++) {
                nanos /= 10;
            }
            return nanos;
        }

        private void checkLinkType(final int type) {
            if (type != PcapngBlock.ETHERNET) {
                throw refusal("it holds frames of link type " + type + ", not of Ethernet (1)");
            }
        }

        private SetupException refusal(final String why) {
            return new SetupException("the capture file " + file + " cannot be replayed: " + why,
                "name a pcap or pcapng file of Ethernet frames; to see what it is: capinfos " + file);
        }
    }
}

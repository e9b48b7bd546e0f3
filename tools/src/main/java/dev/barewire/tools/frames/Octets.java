package dev.barewire.tools.frames;

import dev.barewire.dma.SegmentList;
import dev.barewire.fallback.FrameBytes;
import java.nio.ByteBuffer;

/** Bytes of a frame in network byte order, wherever they lie. Offsets are bytes from the frame's first. */
public interface Octets {
    /**
     * Reads 8 bits.
     *
     * @param at where
     * @return 0 to 255
     */
    int get8(int at);

    /**
     * Writes 8 bits.
     *
     * @param at where
     * @param value its low 8 bits count
     */
    void put8(int at, int value);

    /**
     * Reads 16 bits.
     *
     * @param at where
     * @return 0 to 65535
     */
    int get16(int at);

    /**
     * Writes 16 bits.
     *
     * @param at where
     * @param value its low 16 bits count
     */
    void put16(int at, int value);

    /**
     * Reads 32 bits.
     *
     * @param at where
     * @return the value
     */
    int get32(int at);

    /**
     * Writes 32 bits.
     *
     * @param at where
     * @param value the value
     */
    void put32(int at, int value);

    /**
     * Reads an Ethernet address.
     *
     * @param at where
     * @return 48 bits, the first byte on the wire in bits 47 to 40
     */
    default long getMac(int at) {
        return (long) get16(at) << 32 | get32(at + 2) & 0xffff_ffffL;
    }

    /**
     * Writes an Ethernet address.
     *
     * @param at where
     * @param mac 48 bits, the first byte on the wire in bits 47 to 40
     */
    default void putMac(int at, long mac) {
        put16(at, (int) (mac >>> 32));
        put32(at + 2, (int) mac);
    }

    /** A frame in a {@link ByteBuffer}, from its index 0. */
    final class OfByteBuffer implements Octets {
        private final ByteBuffer buffer;

        /**
         * Looks at a buffer.
         *
         * @param buffer in big-endian order, as they are made
         */
        public OfByteBuffer(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int get8(int at) {
            return buffer.get(at) & 0xff;
        }

        @Override
        public void put8(int at, int value) {
            buffer.put(at, (byte) value);
        }

        @Override
        public int get16(int at) {
            return buffer.getShort(at) & 0xffff;
        }

        @Override
        public void put16(int at, int value) {
            buffer.putShort(at, (short) value);
        }

        @Override
        public int get32(int at) {
            return buffer.getInt(at);
        }

        @Override
        public void put32(int at, int value) {
            buffer.putInt(at, value);
        }
    }

    /** A frame in a {@link SegmentList}, which can be another one each time. */
    final class OfFrame implements Octets {
        private SegmentList frame;

        /** Looks at nothing yet. */
        public OfFrame() {
        }

        /**
         * Looks at a frame.
         *
         * @param target its segments
         * @return this
         */
        public OfFrame wrap(SegmentList target) {
            frame = target;
            return this;
        }

        @Override
        public int get8(int at) {
            return FrameBytes.u8(frame, at);
        }

        @Override
        public void put8(int at, int value) {
            FrameBytes.put8(frame, at, value);
        }

        @Override
        public int get16(int at) {
            return FrameBytes.u16(frame, at);
        }

        @Override
        public void put16(int at, int value) {
            FrameBytes.put16(frame, at, value);
        }

        @Override
        public int get32(int at) {
            return FrameBytes.i32(frame, at);
        }

        @Override
        public void put32(int at, int value) {
            FrameBytes.put32(frame, at, value);
        }
    }
}

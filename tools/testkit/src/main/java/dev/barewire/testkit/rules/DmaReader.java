package dev.barewire.testkit.rules;

import org.agrona.DirectBuffer;

/** Looks at memory as the card finds it: by IOVA. One thread at a time uses one. */
public interface DmaReader {
    /**
     * Reads 64 bits.
     *
     * @param iova where, a multiple of 8
     * @return the value, little-endian; all ones where no memory is mapped
     */
    long getLong(long iova);

    /**
     * Looks at bytes where they lie.
     *
     * @param iova   where
     * @param length how many
     * @return the bytes from index 0, valid until the next call; null where no memory is mapped
     */
    DirectBuffer view(long iova, int length);

    /**
     * Whether the card may write there.
     *
     * @param iova   where
     * @param length how many bytes
     * @return false if a part of it is not mapped for writing
     */
    boolean isWritable(long iova, int length);
}

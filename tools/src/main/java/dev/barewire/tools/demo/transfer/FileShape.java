package dev.barewire.tools.demo.transfer;

/**
 * How a file is cut into chunks.
 *
 * @param fileBytes the file's length, 1 or more
 * @param chunkBytes the length of every chunk but the last, 1 or more
 */
public record FileShape(int fileBytes, int chunkBytes) {
    /** Checks the lengths. */
    public FileShape {
        if (fileBytes < 1 || chunkBytes < 1) {
            throw new IllegalArgumentException("no chunks of " + chunkBytes + " bytes in a file of " + fileBytes);
        }
    }

    /** {@return the number of chunks} */
    public int count() {
        return (int) (((long) fileBytes + chunkBytes - 1) / chunkBytes);
    }

    /**
     * Where a chunk starts in the file.
     *
     * @param number 0 to {@link #count()} - 1
     * @return bytes
     */
    public int offset(int number) {
        return number * chunkBytes;
    }

    /**
     * The length of a chunk.
     *
     * @param number 0 to {@link #count()} - 1
     * @return bytes
     */
    public int length(int number) {
        return Math.min(chunkBytes, fileBytes - number * chunkBytes);
    }

    /**
     * Whether a DATA datagram is one of this file's.
     *
     * @param number the chunk's number, as the peer says
     * @param length the chunk's length, as the peer says
     * @param datagramBytes how long the datagram is
     * @return false for numbers and lengths that cannot be
     */
    public boolean fits(int number, int length, int datagramBytes) {
        return number >= 0 && number < count() && length == length(number)
                && datagramBytes >= TransferHeader.DATA_START + length;
    }
}

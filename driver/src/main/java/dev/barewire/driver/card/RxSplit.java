package dev.barewire.driver.card;

/**
 * How a card puts headers apart: into which buffers a receive descriptor lets it write.
 *
 * @param headerSize     bytes of the buffer for the header, as the card is told; 0 if it puts none apart
 * @param payloadBuffers how many buffers for the payload a descriptor has, each of the size of a receive buffer
 * @param always         whether every frame shall start in a header's buffer, where the card leaves the choice
 */
public record RxSplit(int headerSize, int payloadBuffers, boolean always) {
    /** No split: a descriptor has one buffer for all. */
    public static final RxSplit NONE = new RxSplit(0, 1);

    /**
     * A split of frames whose headers the card knows.
     *
     * @param headerSize     bytes of the buffer for the header
     * @param payloadBuffers how many buffers for the payload a descriptor has
     */
    public RxSplit(final int headerSize, final int payloadBuffers) {
        this(headerSize, payloadBuffers, false);
    }

    /**
     * Whether the card puts headers apart.
     *
     * @return false for {@link #NONE}
     */
    public boolean on() {
        return headerSize > 0;
    }

    /**
     * How many buffers the card may fill with one frame, those for headers included.
     *
     * @param frameBytes the longest frame
     * @param bufferSize bytes of a receive buffer
     * @return the most
     */
    public int buffersFor(final int frameBytes, final int bufferSize) {
        final int descriptors = frameBytes / (bufferSize * payloadBuffers) + 1;
        return descriptors * (on() ? payloadBuffers + 1 : 1);
    }
}

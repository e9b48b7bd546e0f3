package dev.barewire.dma;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One place in the code that copies bytes by the CPU, and why. The only code that copies in bulk; every copy is counted.
 */
public final class CopySite {
    private final String site;
    private final String reason;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong copies = new AtomicLong();

    CopySite(final String site, final String reason) {
        this.site = site;
        this.reason = reason;
    }

    /**
     * Where copies are made.
     *
     * @return such as {@code tx.linearise}
     */
    public String site() {
        return site;
    }

    /**
     * Why they are made.
     *
     * @return a few words
     */
    public String reason() {
        return reason;
    }

    /**
     * What was copied so far.
     *
     * @return bytes
     */
    public long bytes() {
        return bytes.get();
    }

    /**
     * How often.
     *
     * @return copies
     */
    public long copies() {
        return copies.get();
    }

    /**
     * Copies between buffers, which may overlap.
     *
     * @param source where from
     * @param from   offset in the source
     * @param target where to
     * @param to     offset in the target
     * @param length bytes
     */
    public void copy(final Buffer source, final int from, final Buffer target, final int to, final int length) {
        check(source, from, length);
        check(target, to, length);
        MappedMemory.copy(source.memory(), source.base() + from, target.memory(), target.base() + to, length);
        count(length);
    }

    /**
     * Copies out of a buffer.
     *
     * @param source where from
     * @param from   offset in the source
     * @param target where to
     * @param to     index in the target
     * @param length bytes
     */
    public void copy(final Buffer source, final int from, final byte[] target, final int to, final int length) {
        check(source, from, length);
        source.memory().copyTo(source.base() + from, target, to, length);
        count(length);
    }

    /**
     * Copies into a buffer.
     *
     * @param source where from
     * @param from   index in the source
     * @param target where to
     * @param to     offset in the target
     * @param length bytes
     */
    public void copy(final byte[] source, final int from, final Buffer target, final int to, final int length) {
        check(target, to, length);
        target.memory().copyFrom(source, from, target.base() + to, length);
        count(length);
    }

    private void count(final int length) {
        bytes.addAndGet(length);
        copies.incrementAndGet();
    }

    private static void check(final Buffer buffer, final int offset, final int length) {
        if (offset < 0 || length < 0 || offset > buffer.capacity() - length) {
            throw new IndexOutOfBoundsException("no " + length + " bytes at " + offset + " of buffer " + buffer
                + ", which has " + buffer.capacity());
        }
    }
}

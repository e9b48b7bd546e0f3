package dev.barewire.dma;

/**
 * Memory of a {@link DmaDomain}: one mapping of this process that the domain's cards reach at one IOVA.
 */
public final class Region implements AutoCloseable {
    private final DmaDomain domain;
    private final MappedMemory memory;
    private final MemoryKind kind;
    private final DmaAccess access;
    private final long iova;
    private final String note;
    private final Runnable onClose;
    private boolean open = true;

    /**
     * Made by a domain.
     *
     * @param domain  which
     * @param memory  the mapping
     * @param kind    what it is made of
     * @param access  what cards may do
     * @param iova    where cards find its first byte
     * @param note    what the user should know of it, such as a fallback; empty if nothing
     * @param onClose takes it out of the domain and frees the mapping
     */
    public Region(final DmaDomain domain, final MappedMemory memory, final MemoryKind kind, final DmaAccess access,
        final long iova, final String note, final Runnable onClose) {
        this.domain = domain;
        this.memory = memory;
        this.kind = kind;
        this.access = access;
        this.iova = iova;
        this.note = note;
        this.onClose = onClose;
    }

    /**
     * Whose cards reach it, and no others at its IOVA.
     *
     * @return the domain that made it
     */
    public DmaDomain domain() {
        return domain;
    }

    /**
     * The CPU's side.
     *
     * @return the mapping
     */
    public MappedMemory memory() {
        return memory;
    }

    /**
     * What it is made of, which may be a fallback from what was asked: see {@link #note()}.
     *
     * @return the kind
     */
    public MemoryKind kind() {
        return kind;
    }

    /**
     * What cards may do with it.
     *
     * @return their rights
     */
    public DmaAccess access() {
        return access;
    }

    /**
     * What the user should know of it.
     *
     * @return a sentence, or an empty string
     */
    public String note() {
        return note;
    }

    /**
     * Its length.
     *
     * @return bytes
     */
    public long size() {
        return memory.size();
    }

    /**
     * Where cards find a range of it, which is contiguous for them.
     *
     * @param offset where the range starts
     * @param length its length in bytes
     * @return the IOVA of its first byte
     */
    public long iova(final long offset, final long length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException("no " + length + " bytes at " + offset + " of " + memory);
        }
        return iova + offset;
    }

    /**
     * Whether cards can still reach it.
     *
     * @return false after {@link #close()}
     */
    public boolean isOpen() {
        return open;
    }

    /** Takes it away from the cards and unmaps it. Closing twice does nothing. */
    @Override
    public void close() {
        if (open) {
            open = false;
            onClose.run();
        }
    }
}

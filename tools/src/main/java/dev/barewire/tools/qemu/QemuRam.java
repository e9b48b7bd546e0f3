package dev.barewire.tools.qemu;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.IovaSpace;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The RAM of a QEMU, a memory file, as the domain of its card: an IOVA is an address there, and an offset in the file. There
 * is no IOMMU: the card reaches all of it, and nothing else.
 */
final class QemuRam implements DmaDomain {
    private static final long PAGE = 4096;
    /** Below 1 MiB a PC has holes, its first interrupt vectors and its firmware. */
    private static final long FIRST = 1 << 20;

    private final FileChannel file;
    private final long bytes;
    private final IovaSpace space;
    private final List<Region> regions = new ArrayList<>();
    private boolean open = true;

    /**
     * Takes a QEMU's RAM, of which nothing is in use.
     *
     * @param file  the memory file, closed with this
     * @param bytes its length
     */
    QemuRam(final FileChannel file, final long bytes) {
        this.file = file;
        this.bytes = bytes;
        space = new IovaSpace(List.of(new IovaRange(FIRST, bytes - 1)));
    }

    @Override
    public synchronized Region allocate(final MemoryKind kind, final long wanted) {
        if (!open) {
            throw new IllegalStateException("the domain is closed: nothing can be allocated for its card");
        }
        if (wanted <= 0 || wanted > bytes) {
            throw tooLittle(wanted, null);
        }
        final long size = (wanted + PAGE - 1) / PAGE * PAGE;
        final long iova = take(size);
        try {
            final MappedMemory memory = MappedMemory.map("QEMU's RAM at 0x" + Long.toHexString(iova), file, iova, size);
            memory.clear(0, size);
            final Region[] self = new Region[1];
            self[0] = new Region(
                this, memory, MemoryKind.MEMFD, DmaAccess.READ_WRITE, iova, note(kind), () -> remove(self[0]));
            regions.add(self[0]);
            return self[0];
        } catch (final IOException refused) {
            space.free(iova, size);
            throw new UncheckedIOException("QEMU's RAM cannot be mapped", refused);
        }
    }

    private long take(final long size) {
        try {
            return space.allocate(size, PAGE);
        } catch (final IllegalStateException full) {
            throw tooLittle(size, full);
        }
    }

    private SetupException tooLittle(final long wanted, final Exception cause) {
        return new SetupException("QEMU's RAM of " + (bytes >> 20) + " MiB has no " + wanted + " bytes left, and its card"
            + " reaches nothing else", "start it with more: qemu:<card>?ram=512m", cause);
    }

    private static String note(final MemoryKind kind) {
        return switch (kind) {
            case MEMFD -> "";
            case HUGE_PAGES -> "no huge pages: the card reaches only QEMU's RAM, a memory file in pages of 4 KiB";
            case ANONYMOUS -> "the card reaches only QEMU's RAM, a memory file";
        };
    }

    private synchronized void remove(final Region region) {
        space.free(region.iova(0, 0), region.size());
        regions.remove(region);
        region.memory().close();
    }

    @Override
    public Region map(final MappedMemory memory, final MemoryKind kind, final DmaAccess access) {
        throw new UnsupportedOperationException(memory + " cannot be mapped for a card in QEMU, which reaches only QEMU's own"
            + " RAM: allocate memory from the card's domain instead");
    }

    @Override
    public synchronized List<Region> regions() {
        return List.copyOf(regions);
    }

    /** All of the RAM, mapped once more, for whoever judges from outside what the card wrote. */
    MappedMemory whole() throws IOException {
        return MappedMemory.map("QEMU's RAM", file, 0, bytes);
    }

    @Override
    public synchronized void close() {
        open = false;
        List.copyOf(regions).forEach(Region::close);
        try {
            file.close();
        } catch (final IOException nothingToSave) {
            // Nothing is written through the descriptor.
        }
    }
}

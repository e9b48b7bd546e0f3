package dev.barewire.rings.virtio;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * A device's side of a virtqueue, written apart from the driver's: offsets and bits are the specification's once more. It
 * complains of what a driver must not do, under the rule's section.
 */
abstract class DeviceQueue {
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    final VirtioFixture fixture;
    final VirtqueueFormat format;
    final MappedMemory memory;
    final long descriptors;
    final long driver;
    final long device;
    final List<String> complaints = new ArrayList<>();

    /** A buffer that the driver made available. */
    record Chain(int id, int slots, List<Piece> pieces) {
        int writable() {
            return pieces.stream().filter(Piece::isWritable).mapToInt(Piece::length).sum();
        }

        int readable() {
            return pieces.stream().filter(piece -> !piece.isWritable()).mapToInt(Piece::length).sum();
        }
    }

    /** An element of it. */
    record Piece(long iova, int length, boolean isWritable) {
    }

    DeviceQueue(final VirtioFixture fixture, final VirtqueueFormat format, final VirtqueueAreas areas) {
        this.fixture = fixture;
        this.format = format;
        this.memory = fixture.ring.memory();
        this.descriptors = offset(areas.descriptor(), 16);
        this.driver = offset(areas.driver(), 4);
        this.device = offset(areas.device(), 4);
    }

    private long offset(final long iova, final int alignment) {
        final Region region = fixture.at(iova);
        complain(iova % alignment == 0 && region == fixture.ring, "2.7.1: area at 0x" + Long.toHexString(iova));
        return iova - region.iova(0, region.size());
    }

    static DeviceQueue of(final VirtioFixture fixture, final VirtqueueFormat format, final VirtqueueAreas areas) {
        return format.packed() ? new PackedDevice(fixture, format, areas) : new SplitDevice(fixture, format, areas);
    }

    /** The next chain that the driver made available; null if there is none. */
    abstract Chain next();

    /** Gives a chain back. */
    abstract void use(Chain chain, int length);

    /** Gives chains back by naming the last only. */
    abstract void useBatch(List<Chain> chains, int length);

    /** Takes the next chain and gives it back at once, allocating nothing; false if there is none. */
    abstract boolean pass(int length);

    abstract void wantNotification();

    abstract void wantNoNotification();

    /** Whether the driver asked to hear of what was used since this was called last. */
    abstract boolean mayInterrupt();

    final void complain(final boolean isRight, final String rule) {
        if (!isRight) {
            complaints.add(rule);
        }
    }

    /** What holds for a chain's elements in either format. */
    final Chain checked(final Chain chain) {
        boolean wrote = false;
        for (final Piece piece : chain.pieces()) {
            complain(piece.length() > 0, "an element of no bytes");
            complain(piece.isWritable() || !wrote, "2.7.4.2: what is read lies behind what is written");
            wrote |= piece.isWritable();
        }
        complain(chain.pieces().size() <= format.size(), "2.7.5.3.1: a chain is longer than the queue");
        return chain;
    }

    /** Puts bytes into a chain's writable elements, from a place on. */
    final void fill(final Chain chain, final int at, final byte... bytes) {
        int skip = at;
        int done = 0;
        for (final Piece piece : chain.pieces()) {
            for (int i = 0; piece.isWritable() && i < piece.length() && done < bytes.length; i++) {
                if (skip > 0) {
                    skip--;
                } else {
                    fixture.write(piece.iova() + i, bytes[done++]);
                }
            }
        }
    }

    /** What a chain's readable elements hold. */
    final byte[] read(final Chain chain) {
        final byte[] bytes = new byte[chain.readable()];
        int at = 0;
        for (final Piece piece : chain.pieces()) {
            for (int i = 0; !piece.isWritable() && i < piece.length(); i++) {
                bytes[at++] = fixture.read(piece.iova() + i);
            }
        }
        return bytes;
    }

    /** An indirect table's entries. */
    final List<Piece> table(final long iova, final int bytes) {
        complain(format.indirect(), "2.7.5.3.1: INDIRECT without VIRTIO_F_INDIRECT_DESC");
        complain(bytes % 16 == 0 && bytes > 0, "2.7.5.3.1: a table of " + bytes + " bytes");
        final Region region = fixture.at(iova);
        final long base = iova - region.iova(0, region.size());
        final List<Piece> pieces = new ArrayList<>();
        final int entries = bytes / 16;
        for (int i = 0; i < entries; i++) {
            final long at = base + i * 16L;
            final int flags = region.memory().getShort(at + 12) & 0xffff;
            final int next = region.memory().getShort(at + 14) & 0xffff;
            if (format.packed()) {
                complain((next & ~WRITE) == 0, "2.8.19: flags in a table");
                pieces.add(new Piece(region.memory().getLong(at), region.memory().getInt(at + 8), (next & WRITE) != 0));
            } else {
                complain((flags & INDIRECT) == 0, "2.7.5.3.1: a table in a table");
                complain((flags & NEXT) == (i + 1 < entries ? NEXT : 0), "2.7.5.3.1: NEXT in a table");
                complain((flags & NEXT) == 0 || next == i + 1, "2.7.5.3.1: a table that is not in sequence");
                pieces.add(new Piece(region.memory().getLong(at), region.memory().getInt(at + 8), (flags & WRITE) != 0));
            }
        }
        return pieces;
    }
}

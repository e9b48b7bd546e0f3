package dev.barewire.rings.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A card that reads transmit descriptors as the manual tells it to, complains of what it may not find, and reports late. */
final class TxCard {
    /** What a data descriptor points at. */
    record Piece(long iova, int length) {
    }

    /** A context descriptor. */
    record Context(long checksums, long control) {
    }

    /** A frame as the card took it: what counts in its first descriptor from there, what counts in its last from there. */
    record Frame(List<Piece> pieces, boolean legacy, int firstCommand, int command, int options, int firstSpecial,
        int special, Context context) {

        int bytes() {
            return pieces.stream().mapToInt(Piece::length).sum();
        }

        boolean has(final int commandBit) {
            return (command & commandBit) != 0;
        }
    }

    final List<Frame> frames = new ArrayList<>();
    int contexts;

    private final RingFixture fixture;
    private final int size;
    private final Deque<Integer> reports = new ArrayDeque<>();
    private Context checksumContext;
    private Context segmentContext;
    private List<Piece> pieces = new ArrayList<>();
    private long first;
    private int head;

    TxCard(final RingFixture fixture, final int size) {
        this.fixture = fixture;
        this.size = size;
    }

    /** The doorbell: takes descriptors up to the tail. */
    void ring(final int tail) {
        assertThat(tail).isBetween(0, size - 1);
        while (head != tail) {
            take(fixture.address(head), fixture.control(head));
            head = (head + 1) % size;
        }
    }

    /** Writes so many reports back, oldest first. */
    void report(final int count) {
        for (int i = 0; i < count; i++) {
            final long at = reports.remove() * 16L + 8;
            fixture.memory.putLongRelease(at, fixture.memory.getLong(at) | 1L << 32);
        }
    }

    int reports() {
        return reports.size();
    }

    Frame last() {
        return frames.getLast();
    }

    private void take(final long address, final long control) {
        final int command = (int) (control >>> 24) & 0xFF;
        final boolean extended = (command & TxDataDescriptor.COMMAND_DEXT) != 0;
        assertThat((int) (control >>> 32) & 0xF).as("status of descriptor %d", head).isZero();
        assertThat(command & TxDataDescriptor.COMMAND_IDE).as("IDE").isZero();
        if (extended && (control >>> 20 & 0xF) == TxContextDescriptor.TYPE) {
            assertThat(pieces).as("no context inside a frame").isEmpty();
            assertThat(command & TxContextDescriptor.COMMAND_RS).isZero();
            contexts++;
            if ((command & TxContextDescriptor.COMMAND_TSE) != 0) {
                segmentContext = new Context(address, control);
            } else {
                checksumContext = new Context(address, control);
            }
            return;
        }
        takeData(address, control, command, extended);
    }

    private void takeData(final long address, final long control, final int command, final boolean extended) {
        final int length = (int) control & (extended ? 0xF_FFFF : 0xFFFF);
        assertThat(length).isPositive();
        assertThat(command & LegacyTxDescriptor.COMMAND_IFCS).as("IFCS").isNotZero();
        if (pieces.isEmpty()) {
            first = control;
        }
        pieces.add(new Piece(address, length));
        if ((command & LegacyTxDescriptor.COMMAND_RS) != 0) {
            reports.add(head);
        }
        if ((command & LegacyTxDescriptor.COMMAND_EOP) != 0) {
            final boolean segments = extended && (command & TxDataDescriptor.COMMAND_TSE) != 0;
            frames.add(new Frame(pieces, !extended, (int) (first >>> 24) & 0xFF, command, (int) (first >>> 40) & 0xFF,
                (int) (first >>> 48), (int) (control >>> 48),
                !extended ? null : segments ? segmentContext : checksumContext));
            pieces = new ArrayList<>();
        } else {
            assertThat(command & LegacyTxDescriptor.COMMAND_RS).as("RS inside a frame").isZero();
        }
    }
}

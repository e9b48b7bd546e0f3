package dev.barewire.tools.bench;

import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;

/**
 * An 82540EM without a driver: rings that are set up once, descriptors written where they lie, one tail write a burst, done
 * bits polled. What a driver is measured against.
 */
final class RawE1000 implements AutoCloseable {
    static final int SIZE = 1024;
    private static final int DESCRIPTOR = 16;
    private static final int BUFFER = 2048;
    private static final long DONE = 1L << 32;
    /** Command bits of a legacy transmit descriptor: end of packet, insert FCS, report status (manual, 3.3.3). */
    private static final long SEND = 0x0bL << 24;

    private static final int CTRL = 0x0;
    private static final int SET_LINK_UP = 0x40;
    private static final int RCTL = 0x100;
    private static final int RCTL_ON = 1 << 1 | 1 << 3 | 1 << 15 | 1 << 26;
    private static final int TCTL = 0x400;
    private static final int TCTL_ON = 1 << 1 | 1 << 3;
    private static final int RECEIVE = 0x2800;
    private static final int TRANSMIT = 0x3800;
    private static final int BASE_LOW = 0x0;
    private static final int LENGTH = 0x8;
    private static final int HEAD = 0x10;
    private static final int TAIL = 0x18;

    final DeviceAccess access;
    private final Registers registers;
    private final Region ring;
    private final Region buffers;
    private final MappedMemory descriptors;
    private int next;

    RawE1000(final String device) {
        access = Devices.open(device);
        access.reset();
        final PciConfig pci = access.config();
        pci.write(PciConfig.COMMAND, Short.BYTES,
            pci.read(PciConfig.COMMAND, Short.BYTES) | PciConfig.COMMAND_MEMORY | PciConfig.COMMAND_BUS_MASTER);
        registers = access.bar(0);
        final DmaDomain domain = access.domain();
        ring = domain.allocate(MemoryKind.ANONYMOUS, SIZE * DESCRIPTOR);
        buffers = domain.allocate(MemoryKind.ANONYMOUS, (long) SIZE * BUFFER);
        descriptors = ring.memory();
        registers.write(CTRL, registers.read(CTRL) | SET_LINK_UP);
    }

    /** Fills every buffer with a frame, and readies the card to send. */
    void startTransmit(final int length) {
        for (int i = 0; i < SIZE; i++) {
            TestFrame.write(buffers.memory(), (long) i * BUFFER, length);
            descriptors.putLong((long) i * DESCRIPTOR + Long.BYTES, DONE);
        }
        setUp(TRANSMIT, 0);
        registers.write(TCTL, TCTL_ON);
    }

    /** Gives the card every buffer but one, to receive into. */
    void startReceive() {
        for (int i = 0; i < SIZE; i++) {
            postToReceive(i);
        }
        setUp(RECEIVE, SIZE - 1);
        registers.write(RCTL, RCTL_ON);
    }

    private void setUp(final int queue, final int tail) {
        final long iova = ring.iova(0, 0);
        registers.write(queue + BASE_LOW, (int) iova);
        registers.write(queue + BASE_LOW + Integer.BYTES, (int) (iova >>> Integer.SIZE));
        registers.write(queue + LENGTH, SIZE * DESCRIPTOR);
        registers.write(queue + HEAD, 0);
        registers.write(queue + TAIL, tail);
    }

    /** Sends a burst, if the card is done with what lies in its place. */
    boolean sendBurst(final int length) {
        if (!isDone(next + Traffic.BURST - 1 & SIZE - 1)) {
            return false;
        }
        for (int i = 0; i < Traffic.BURST; i++) {
            final long at = (long) next * DESCRIPTOR;
            descriptors.putLong(at, buffers.iova((long) next * BUFFER, 0));
            descriptors.putLong(at + Long.BYTES, SEND | length);
            next = next + 1 & SIZE - 1;
        }
        registers.write(TRANSMIT + TAIL, next);
        return true;
    }

    /** Takes what has come, at most a burst, and gives the buffers to the card again. */
    int receiveBurst() {
        int count = 0;
        while (count < Traffic.BURST && isDone(next)) {
            postToReceive(next);
            next = next + 1 & SIZE - 1;
            count++;
        }
        if (count > 0) {
            registers.write(RECEIVE + TAIL, next - 1 & SIZE - 1);
        }
        return count;
    }

    private void postToReceive(final int index) {
        descriptors.putLong((long) index * DESCRIPTOR, buffers.iova((long) index * BUFFER, 0));
        descriptors.putLong((long) index * DESCRIPTOR + Long.BYTES, 0);
    }

    private boolean isDone(final int index) {
        return (descriptors.getLongAcquire((long) index * DESCRIPTOR + Long.BYTES) & DONE) != 0;
    }

    @Override
    public void close() {
        access.close();
    }
}

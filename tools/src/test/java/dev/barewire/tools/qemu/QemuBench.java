package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** A card in a QEMU, opened, with the far end of its cable in hand. */
final class QemuBench implements AutoCloseable {
    private static final int BUFFER = 16384;
    private static final int BUFFERS = 64;
    private static final int PATIENCE_SECONDS = 30;
    private static final long NAP_NANOS = 20_000;

    final QemuDevice device;
    final Nic nic;
    final BufferPool pool;
    private final Wire wire;
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private final CopySite scribe = new CopyLedger().site("test", "frames to and from arrays");

    QemuBench(final String name, final NicConfig config) {
        device = (QemuDevice) Devices.open(name);
        nic = Nic.open(device, config);
        wire = device.wire();
        pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, BUFFER, BUFFERS);
    }

    static QemuBench open() {
        return new QemuBench("qemu:e1000", NicConfig.defaults().promiscuous(true));
    }

    /** A frame of a length whose bytes differ from those of other seeds. */
    static byte[] frame(final int length, final int seed) {
        final byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i * 31 + seed * 7 + (i >> 8));
        }
        // Addressed to one station, of a type that nobody parses.
        frame[0] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    /** Sends a frame to the card, as soon as the cable takes it. */
    void give(final byte[] frame) {
        until("room on the cable", () -> wire.send(new UnsafeBuffer(frame), 0, frame.length));
    }

    /** {@return the next frame that the card received, as an array} */
    byte[] received() {
        final Packet[] one = new Packet[1];
        until("a frame from the card", () -> nic.rx(0).poll(one) == 1);
        final byte[] bytes = bytes(one[0]);
        one[0].release();
        return bytes;
    }

    byte[] bytes(final Packet packet) {
        final byte[] bytes = new byte[packet.length()];
        int at = 0;
        for (int i = 0; i < packet.segments().count(); i++) {
            final int length = packet.segments().length(i);
            scribe.copy(packet.segments().buffer(i), packet.segments().offset(i), bytes, at, length);
            at += length;
        }
        return bytes;
    }

    /** Lets the card send a frame. */
    void send(final byte[] frame) {
        final Packet[] one = {packet(frame)};
        until("room to send", () -> nic.tx(0).send(one, 1) == 1);
    }

    Packet packet(final byte[] frame) {
        until("a buffer to send from", () -> {
            nic.tx(0).reclaim();
            return pool.available() > 0;
        });
        final Buffer buffer = pool.take();
        scribe.copy(frame, 0, buffer, 0, frame.length);
        return nic.tx(0).packet().append(buffer, 0, frame.length);
    }

    /** {@return the next frame that the card sent} */
    byte[] onWire() {
        until("a frame on the cable", () -> {
            pollWire();
            return !arrived.isEmpty();
        });
        return arrived.remove();
    }

    /** Takes what is on the cable; {@return how many frames that nobody has asked for are there} */
    int pollWire() {
        wire.poll((buffer, offset, length) -> {
            final byte[] frame = new byte[length];
            for (int i = 0; i < length; i++) {
                frame[i] = buffer.getByte(offset + i);
            }
            arrived.add(frame);
        }, Integer.MAX_VALUE);
        return arrived.size();
    }

    /** Tries until it is so. */
    static void until(final String what, final BooleanSupplier isSo) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(deadline);
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    @Override
    public void close() {
        try {
            until("completions", () -> {
                nic.tx(0).reclaim();
                return nic.tx(0).pending() == 0;
            });
            pool.close();
        } finally {
            nic.close();
        }
        assertThat(nic.buffersOutstanding()).as("buffers outstanding").isZero();
    }
}

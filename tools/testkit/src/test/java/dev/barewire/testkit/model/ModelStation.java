package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.MacAddress;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.wire.Wire;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** A driver over a model, and this test at the far end of its cable. */
final class ModelStation implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    final ModelDevice device;
    final Nic nic;
    final Wire wire;
    final BufferPool pool;
    private final Packet[] burst = new Packet[1];
    private final Queue<byte[]> sent = new ArrayDeque<>();
    /** The last received packet, until the next one. */
    Packet last;

    ModelStation(final String address, final NicConfig config) {
        device = ModelDevice.open(address);
        nic = Nic.open(device, config);
        wire = device.wire();
        pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 16384, 32);
        assertThat(nic.awaitLink(Duration.ofSeconds(5))).isTrue();
    }

    MacAddress mac() {
        return nic.mac();
    }

    static void await(final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("nanoseconds waited").isLessThan(PATIENCE);
            Thread.yield();
        }
    }

    /** Puts a frame on the wire, towards the card. */
    void inject(final byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        await(() -> wire.send(buffer, 0, frame.length));
    }

    /** Waits for the next frame that the driver gives; its packet is {@link #last}. */
    byte[] receive() {
        releaseLast();
        await(() -> nic.rx(0).poll(burst) == 1);
        last = burst[0];
        return bytes(last);
    }

    void releaseLast() {
        if (last != null) {
            last.release();
            last = null;
        }
    }

    static byte[] bytes(final Packet packet) {
        final byte[] bytes = new byte[packet.length()];
        int at = 0;
        for (int i = 0; i < packet.segments().count(); i++) {
            final Buffer buffer = packet.segments().buffer(i);
            for (int j = 0; j < packet.segments().length(i); j++) {
                bytes[at++] = buffer.memory().getByte(buffer.base() + packet.segments().offset(i) + j);
            }
        }
        return bytes;
    }

    /** A packet with these bytes, in pieces that start at an odd place of a buffer each. */
    Packet packet(final byte[] frame, final int... pieces) {
        final Packet packet = nic.tx(0).packet();
        int from = 0;
        for (int i = 0; from < frame.length; i++) {
            int length = Math.min(frame.length - from, i < pieces.length ? pieces[i] : 16000);
            packet.append(filled(frame, from, length), 3, length);
            from += length;
        }
        return packet;
    }

    private Buffer filled(final byte[] frame, final int from, final int length) {
        await(() -> {
            nic.tx(0).reclaim();
            return pool.available() > 0;
        });
        final Buffer buffer = pool.take();
        for (int i = 0; i < length; i++) {
            buffer.memory().putByte(buffer.base() + 3 + i, frame[from + i]);
        }
        return buffer;
    }

    void send(final byte[] frame, final int... pieces) {
        post(packet(frame, pieces));
    }

    void post(final Packet packet) {
        burst[0] = packet;
        await(() -> nic.tx(0).send(burst, 1) == 1);
    }

    /** Waits for the next frame that the card has put on the wire. */
    byte[] sent() {
        await(() -> sent.size() > 0 || wire.poll((buffer, offset, length) -> {
            final byte[] frame = new byte[length];
            buffer.getBytes(offset, frame);
            sent.add(frame);
        }, 16) > 0);
        return sent.remove();
    }

    void awaitCompletions() {
        await(() -> {
            nic.tx(0).reclaim();
            return nic.tx(0).pending() == 0;
        });
    }

    @Override
    public void close() {
        releaseLast();
        awaitCompletions();
        assertThat(nic.buffersOutstanding()).isZero();
        assertThat(pool.available()).isEqualTo(pool.count());
        pool.close();
        nic.close();
    }
}

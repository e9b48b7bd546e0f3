package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.wire.Wire;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Frames in both directions over a model that does wrong, one at each end of its cable. Where a direction stands still
 * because of what the model did, the card is closed and opened again, as an application must; whenever it is closed all
 * buffers must be home. Counts are added up over all that.
 */
final class HostileTraffic implements AutoCloseable {
    private static final NicConfig CONFIG = NicConfig.defaults().descriptors(64, 64).txPackets(128, 4)
        .rxBuffers(MemoryKind.ANONYMOUS, 2048, 256);
    private static final int BURST = 32;
    /** Frames that may be on their way to the driver: fewer than its ring holds, of which it may keep some for a batch. */
    private static final int WINDOW = 32;
    /** How long nothing must come before what is on its way is taken to be lost. */
    private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    /** How long nothing must move before a card that may get stuck is taken to be. */
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    final Map<NicCounters.Name, Long> counts = new EnumMap<>(NicCounters.Name.class);
    final Map<Hostility, Long> struck = new EnumMap<>(Hostility.class);
    int reopened;
    long received;
    long sent;
    Nic nic;
    ModelDevice device;
    /** Whether it is opened again when nothing moves; otherwise it must go on by itself. */
    boolean getsStuck;
    /** Whether every frame must come. */
    boolean lossless;
    /** Whether the link is looked at now and then. */
    boolean looksAtLink;
    /** Whether each received frame must be as it was sent. */
    boolean checking;
    /** How often it polls in vain for each time that something may have come. */
    int idlePolls;
    private final String address;
    private final Packet[] in = new Packet[BURST];
    private final Packet[] out = new Packet[1];
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[1514]);
    private final Wire.FrameHandler arrived = (buffer, offset, length) -> sent++;
    private int turns;
    private BufferPool pool;
    private Wire wire;

    HostileTraffic(final String address) {
        this.address = address;
        for (int i = 0; i < frame.capacity(); i++) {
            frame.putByte(i, (byte) i);
        }
        // To everybody, so that each new card takes it in.
        frame.setMemory(0, 6, (byte) -1);
        open();
    }

    private void open() {
        device = ModelDevice.open(address);
        nic = Nic.open(device, CONFIG);
        wire = device.wire();
        pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 2048, 256);
    }

    /** Sends so many frames in either direction, and takes what comes of them until nothing comes any more. */
    void run(final int frames) {
        int offered = 0;
        int posted = 0;
        long inFlight = 0;
        long lastCame = System.nanoTime();
        long lastMoved = lastCame;
        while (offered < frames || posted < frames || System.nanoTime() - lastMoved < STUCK_NANOS) {
            final long before = posted + sent;
            final long came = received;
            for (; inFlight < WINDOW && offered < frames && wire.send(frame, 0, 60 + offered % 1400); offered++) {
                inFlight++;
            }
            for (int i = 0; i < BURST && posted < frames && send(60 + posted % 1400); i++) {
                posted++;
            }
            turn();
            final long now = System.nanoTime();
            if (received > came) {
                lastCame = now;
                inFlight = Math.max(0, inFlight - (received - came));
            } else if (now - lastCame > LOST_NANOS && !lossless) {
                inFlight = 0;
                lastCame = now;
            }
            if (received > came || posted + sent > before) {
                lastMoved = now;
            } else if (now - lastMoved > STUCK_NANOS && getsStuck && (offered < frames || posted < frames)) {
                reopen();
                lastMoved = now;
            } else {
                Thread.yield();
            }
        }
    }

    /** Takes what came at either end. */
    void turn() {
        int polls = 0;
        while (take() == 0 && polls < idlePolls) {
            polls++;
        }
        wire.poll(arrived, BURST);
        nic.tx(0).reclaim();
        if (looksAtLink && (++turns & 7) == 0) {
            nic.link();
        }
    }

    private int take() {
        final int count = nic.rx(0).poll(in);
        for (int i = 0; i < count; i++) {
            received++;
            if (checking) {
                check(in[i]);
            }
            in[i].release();
        }
        return count;
    }

    private void check(final Packet packet) {
        int start = 0;
        for (int segment = 0; segment < packet.segments().count(); segment++) {
            final Buffer buffer = packet.segments().buffer(segment);
            final int at = packet.segments().offset(segment);
            for (int i = start == 0 ? 14 : 0; i < packet.segments().length(segment); i += 37) {
                if (buffer.memory().getByte(buffer.base() + at + i) != (byte) (start + i)) {
                    throw new AssertionError("byte " + (start + i) + " of " + packet.length() + " is wrong");
                }
            }
            start += packet.segments().length(segment);
        }
    }

    private boolean send(final int length) {
        final Buffer buffer = pool.take();
        if (buffer == null) {
            return false;
        }
        out[0] = nic.tx(0).packet();
        if (out[0] == null) {
            buffer.release();
            return false;
        }
        out[0].append(buffer, 0, length);
        if (nic.tx(0).send(out, 1) == 0) {
            out[0].release();
            return false;
        }
        return true;
    }

    /** Offers one frame to either direction and does not mind if it is refused. */
    void offer() {
        wire.send(frame, 0, 60);
        send(60);
        turn();
    }

    /** The same card anew. */
    void fresh() {
        reopen();
    }

    private void reopen() {
        shut();
        reopened++;
        assertThat(reopened).as("times that the card was opened again").isLessThan(1000);
        open();
    }

    /** Closes the card; whatever it did, all buffers are home. Gives what close had to say; null if nothing. */
    SetupException shut() {
        SetupException problem = null;
        nic.statistics();
        try {
            nic.close();
        } catch (final SetupException lost) {
            problem = lost;
        }
        assertThat(nic.buffersOutstanding()).isZero();
        assertThat(pool.outstanding()).as("buffers of the test that were lost").isZero();
        pool.close();
        nic.counters().forEach((name, count) -> counts.merge(name, count, Long::sum));
        for (final Hostility hostility : Hostility.values()) {
            struck.merge(hostility, device.hostilities().struck(hostility), Long::sum);
        }
        nic = null;
        return problem;
    }

    long count(final NicCounters.Name name) {
        return counts.get(name);
    }

    @Override
    public void close() {
        if (nic != null) {
            shut();
        }
    }
}

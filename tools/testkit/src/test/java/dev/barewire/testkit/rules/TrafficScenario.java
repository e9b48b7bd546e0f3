package dev.barewire.testkit.rules;

import dev.barewire.MacAddress;
import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.testkit.model.ModelDevice;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a driver does in its life, in small: open, filters, receive, interrupts, a link that comes and goes, transmit with
 * every offload, a full ring, statistics, close. It asks for nothing to go right: what goes wrong is noted, and it goes on.
 * Loaded once for each mistake; the outside knows it as a function of the milliseconds that it waits for each thing.
 */
public final class TrafficScenario implements LongFunction<Map<String, List<String>>> {
    static final int RX_DESCRIPTORS = 64;
    static final int TX_DESCRIPTORS = 32;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MSS = 1000;
    private static final int JUMBO_MTU = 9000;
    /** Of 20000 bytes each, for the cable's 2 MiB. */
    private static final int FRAMES_TO_FILL_THE_CABLE = 130;

    private final String card;
    private final List<String> troubles = new ArrayList<>();
    private final Packet[] burst = new Packet[RX_DESCRIPTORS];
    private long patienceMillis;
    private ModelDevice device;
    private Nic nic;
    private BufferPool pool;

    /**
     * Made by reflection.
     *
     * @param card the model's name
     */
    public TrafficScenario(final String card) {
        this.card = card;
    }

    /** Gives what was broken first, by id with details, and under the empty id what went wrong. */
    @Override
    public Map<String, List<String>> apply(final long patience) {
        patienceMillis = patience;
        final Map<String, List<String>> seen = new LinkedHashMap<>();
        for (final int mtu : new int[] {1500, JUMBO_MTU}) {
            run(mtu);
            final Breaches breaches = StrictRules.of(device);
            breaches.counts().forEach((id, count) ->
                seen.put(id, List.of(count + " times with MTU " + mtu, breaches.report())));
            if (!seen.isEmpty()) {
                break;
            }
        }
        seen.put("", troubles);
        return seen;
    }

    private void run(final int mtu) {
        device = ModelDevice.open(card + "?mac=52:54:01:12:34:56&seed=11");
        try {
            nic = Nic.open(device, NicConfig.defaults().mtu(mtu).descriptors(RX_DESCRIPTORS, TX_DESCRIPTORS)
                .txPackets(128, 4).vlanStrip(true)
                .rxBuffers(MemoryKind.ANONYMOUS, 2048, 4 * RX_DESCRIPTORS));
        } catch (final RuntimeException | LinkageError refused) {
            troubles.add("open: " + refused);
            return;
        } finally {
            if (nic == null) {
                device.close();
            }
        }
        final List<Runnable> steps = new ArrayList<>(List.of(this::filters, this::receive, this::interrupts, this::linkFlap));
        steps.addAll(mtu == JUMBO_MTU ? List.of(this::longFrames)
            : List.of(this::plain, this::checksums, this::tags, this::segments, this::fullRing, this::reuse));
        steps.forEach(this::attempt);
        close();
    }

    private void attempt(final Runnable step) {
        try {
            if (pool == null) {
                pool = new BufferPool("test", nic.domain(), MemoryKind.ANONYMOUS, 32768, 48);
            }
            step.run();
        } catch (final RuntimeException | Error failed) {
            troubles.add("step: " + failed);
        }
    }

    private void close() {
        try {
            nic.statistics();
            nic.rx(0).handOver();
            nic.tx(0).handOver();
            nic.close();
        } catch (final RuntimeException | Error failed) {
            troubles.add("close: " + failed);
            device.close();
        }
        nic = null;
        pool = null;
    }

    private void filters() {
        await("link", () -> nic.awaitLink(Duration.ofMillis(10)));
        nic.multicast(Set.of(MacAddress.parse("01:00:5e:00:00:05")));
        nic.vlans(Set.of(5, 7));
        nic.promiscuous(true);
        nic.promiscuous(false);
        nic.allMulticast(true);
    }

    /** More than two laps of the ring. */
    private void receive() {
        for (int lap = 0; lap < 8; lap++) {
            for (int i = 0; i < RX_DESCRIPTORS / 4; i++) {
                inject(frame(UDP, 4, 30 + 20 * i));
            }
            takeIn(RX_DESCRIPTORS / 4);
        }
        oneByOne();
    }

    /** Frames that have all arrived, each polled by itself. */
    private void oneByOne() {
        final int frames = 40;
        // Of 16 bytes: a descriptor that splits has two.
        final int units = nic.registers().get("RDLEN") / 16 / RX_DESCRIPTORS;
        final int end = (nic.registers().get("RDH") / units + frames) % RX_DESCRIPTORS;
        for (int i = 0; i < frames; i++) {
            inject(frame(UDP, 4, 100 + i));
        }
        await("frames", () -> nic.registers().get("RDH") / units == end);
        final Packet[] one = new Packet[1];
        final int[] taken = {0};
        await("frames one by one", () -> {
            if (nic.rx(0).poll(one) == 1) {
                one[0].release();
                taken[0]++;
            }
            return taken[0] == frames;
        });
    }

    private void inject(final byte[] frame) {
        final long mac = nic.mac().value();
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (mac >>> 40 - 8 * i);
        }
        device.wire().send(new UnsafeBuffer(frame), 0, frame.length);
    }

    private void takeIn(final int frames) {
        final int[] taken = {0};
        await(frames + " received frames", () -> {
            final int count = nic.rx(0).poll(burst);
            for (int i = 0; i < count; i++) {
                burst[i].release();
                burst[i] = null;
            }
            taken[0] += count;
            return taken[0] >= frames;
        });
    }

    private void interrupts() {
        for (int i = 0; i < 3; i++) {
            inject(frame(TCP, 4, 100));
            await("an interrupt", () -> nic.rx(0).await(20));
            takeIn(1);
        }
        nic.rx(0).await(1);
    }

    private void linkFlap() {
        device.link(false);
        nic.rx(0).await(20);
        nic.rx(0).await(1);
        device.link(true);
        nic.rx(0).await(20);
        nic.rx(0).await(1);
        await("link", () -> nic.awaitLink(Duration.ofMillis(10)));
    }

    private void plain() {
        final Packet[] frames = new Packet[8];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = packet(frame(UDP, 4, 50 + 100 * i), 20 + i);
        }
        send(frames);
    }

    private void checksums() {
        final Packet[] frames = new Packet[12];
        for (int i = 0; i < frames.length; i++) {
            final byte[] frame = frame(i % 3 == 0 ? TCP : UDP, i % 4 == 3 ? 6 : 4, 10 + 40 * i);
            frames[i] = packet(frame, 60).requestChecksums();
        }
        send(frames);
    }

    private void tags() {
        send(packet(frame(UDP, 4, 80), 30).vlan(5), packet(frame(TCP, 4, 300), 54).requestChecksums().vlan(7));
    }

    private void segments() {
        send(packet(frame(TCP, 4, 4500), 54).requestSegmentation(MSS), packet(frame(TCP, 4, 20000), 0).requestSegmentation(MSS),
            packet(frame(TCP, 6, 3500), 74).requestSegmentation(MSS), packet(frame(TCP, 4, 2100), 54).requestSegmentation(MSS).vlan(5));
    }

    private void longFrames() {
        send(packet(frame(UDP, 4, 5000), 200).requestChecksums());
    }

    private void fullRing() {
        final Packet[] frames = new Packet[TX_DESCRIPTORS + 8];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = packet(frame(UDP, 4, 100 + i), 0);
        }
        send(frames);
    }

    /**
     * Nobody takes frames from the cable, so that the card must hold one that it has fetched; and all buffers that the driver
     * gives back are written to.
     */
    private void reuse() {
        for (int i = 0; i < FRAMES_TO_FILL_THE_CABLE; i++) {
            final Packet[] one = {packet(frame(TCP, 4, 20000 + i), 0).requestSegmentation(MSS)};
            if (nic.tx(0).send(one, 1) == 0) {
                one[0].release();
                break;
            }
            awaitFetch();
            nic.tx(0).reclaim();
            scribble();
        }
        send(packet(frame(UDP, 4, 50), 0));
    }

    private void awaitFetch() {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(20)) {
            final Map<String, Integer> registers = nic.registers();
            if (registers.get("TDH").equals(registers.get("TDT"))) {
                return;
            }
        }
    }

    private void scribble() {
        final List<Buffer> free = new ArrayList<>();
        while (pool.available() > 0) {
            free.add(pool.take());
        }
        for (final Buffer buffer : free) {
            buffer.memory().putLong(buffer.base() + 200, System.nanoTime());
            buffer.release();
        }
    }

    private void send(final Packet... frames) {
        final int[] left = {frames.length};
        await(frames.length + " frames sent", () -> {
            final int count = nic.tx(0).send(frames, left[0]);
            left[0] -= count;
            System.arraycopy(frames, count, frames, 0, left[0]);
            drainWire();
            return left[0] == 0;
        });
        await("completions", () -> {
            nic.tx(0).reclaim();
            drainWire();
            return nic.tx(0).pending() == 0;
        });
    }

    private void drainWire() {
        device.wire().poll((buffer, offset, length) -> { }, 256);
    }

    /** A packet of one buffer, or of two. */
    private Packet packet(final byte[] frame, final int first) {
        final Packet packet = nic.tx(0).packet();
        if (first > 0) {
            packet.append(filled(frame, 0, first), 0, first);
        }
        return packet.append(filled(frame, first, frame.length - first), 0, frame.length - first);
    }

    private Buffer filled(final byte[] frame, final int from, final int length) {
        final Buffer buffer = pool.take();
        for (int i = 0; i < length; i++) {
            buffer.memory().putByte(buffer.base() + i, frame[from + i]);
        }
        return buffer;
    }

    private static byte[] frame(final int protocol, final int version, final int payload) {
        final int l4 = version == 4 ? 34 : 54;
        final int headers = l4 + (protocol == TCP ? 20 : 8);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[headers + payload]);
        final ByteOrder network = ByteOrder.BIG_ENDIAN;
        frame.putLong(0, 0x0200_0000_0001_5254L, network);
        frame.putInt(8, 0x0012_3456, network);
        frame.putShort(12, (short) (version == 4 ? 0x0800 : 0x86dd), network);
        final int length = frame.capacity() - l4;
        if (version == 4) {
            frame.putInt(14, 0x4500 << 16 | length + 20, network);
            frame.putInt(22, 0x40 << 24 | protocol << 16 | 0xdead, network);
            frame.putLong(26, 0x0a00_0001_0a00_0002L, network);
        } else {
            frame.putInt(14, 0x6000_0000, network);
            frame.putInt(18, length << 16 | protocol << 8 | 0x40, network);
            frame.putLong(22, 0xfd00_0000_0000_0001L, network);
            frame.putLong(38, 0xfd00_0000_0000_0002L, network);
        }
        frame.putInt(l4, 4000 << 16 | 5000, network);
        if (protocol == TCP) {
            frame.putInt(l4 + 12, 0x5010_2000, network);
            frame.putShort(l4 + 16, (short) 0xbeef, network);
        } else {
            frame.putInt(l4 + 4, length << 16 | 0xbeef, network);
        }
        for (int i = 0; i < payload; i++) {
            frame.putByte(headers + i, (byte) (i * 7 + payload));
        }
        return frame.byteArray();
    }

    private void await(final String what, final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(patienceMillis)) {
                troubles.add("waited in vain for " + what);
                return;
            }
            Thread.yield();
        }
    }
}

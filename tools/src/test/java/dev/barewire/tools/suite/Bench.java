package dev.barewire.tools.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.OffloadPlan;
import dev.barewire.Packet;
import dev.barewire.SplitKind;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.CopySite;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.SegmentList;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.profiles.Offload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The card under test, opened, with both ends of its cable in hand. */
final class Bench implements AutoCloseable {
    /** Bytes of a buffer to send from. */
    static final int BUFFER = 16384;
    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long a cable that has something left to deliver is never quiet. */
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final int FLAGS = 10;
    private static final int BUFFERS = 64;
    private static final long NAP_NANOS = 50_000;
    private static int flags;

    final Nic nic;
    /** The way to the card. */
    final DeviceAccess access;
    final FarEnd far;
    /** Buffers to send from, in the card's domain. */
    final BufferPool pool;
    /** Counts the test's own copies apart from the card's ledger. */
    private final CopySite scribe = new CopyLedger().site("suite", "frames to and from arrays");

    private Bench(DeviceAccess access, NicConfig config) {
        this.access = access;
        nic = Nic.open(access, config);
        far = FarEnd.of(access);
        pool = new BufferPool("suite", nic.domain(), MemoryKind.ANONYMOUS, BUFFER, BUFFERS);
    }

    /** Opens the card, promiscuous so that a test may address frames as it likes, and empties the cable. */
    static Bench open(NicConfig config) {
        return openFiltering(config.promiscuous(true));
    }

    /** Opens the card as the configuration has it, and empties the cable both ways. */
    static Bench openFiltering(NicConfig config) {
        return over(CardUnderTest.reach(), config);
    }

    /** Opens the card so that all memory that this thread takes is the driver's, and empties the cable both ways. */
    static Bench openUnwatched(NicConfig config) {
        return over(CardUnderTest.reachUnwatched(), config.promiscuous(true));
    }

    /** Opens a card that was reached already, and empties the cable both ways. */
    static Bench over(DeviceAccess access, NicConfig config) {
        Bench bench = new Bench(access, config);
        try {
            assertThat(bench.nic.awaitLink(PATIENCE)).as("link").isTrue();
            bench.emptyCable();
            return bench;
        } catch (AssertionError failure) {
            AssertionError state = new AssertionError("the card moves nothing: " + bench.nic.registers() + " "
                + bench.nic.statistics() + " " + bench.nic.counters().drops(), failure);
            try {
                bench.nic.close();
            } catch (IllegalStateException outstanding) {
                state.addSuppressed(outstanding);
            }
            throw state;
        }
    }

    /** Sends a frame each way that no test sends, and drops all that comes before it. */
    void emptyCable() {
        // A card that is given more frames at once than it has descriptors loses some, and the flag may be one of them.
        int flagsSent = 0;
        byte[] in;
        do {
            assertThat(flagsSent++).as("frames sent, none of which arrived").isLessThan(FLAGS);
            in = flag();
            // What is in the cable may leave no room until the card has taken it.
            while (!far.offer(in)) {
                drop();
            }
        } while (!arrives(in));
        byte[] got;
        byte[] out = flag();
        send(packet(out));
        do {
            got = onWire();
        } while (!Arrays.equals(got, out));
        settle();
    }

    /** Drops what the card receives until a frame is among it; false if it is quiet before. */
    private boolean arrives(byte[] frame) {
        for (long last = System.nanoTime(); System.nanoTime() - last < QUIET.toNanos();) {
            byte[] dropped = drop();
            if (Arrays.equals(dropped, frame)) {
                return true;
            } else if (dropped != null) {
                last = System.nanoTime();
            }
        }
        return false;
    }

    /** {@return the bytes of a frame that the card received; null if there was none, after a nap} */
    private byte[] drop() {
        Packet[] one = new Packet[1];
        if (nic.rx(0).poll(one) == 0) {
            far.pump();
            LockSupport.parkNanos(NAP_NANOS);
            return null;
        }
        byte[] bytes = bytes(one[0]);
        one[0].release();
        return bytes;
    }

    /** A broadcast frame that is like no other. */
    private static byte[] flag() {
        return new FrameBuilder().to(FrameBuilder.BROADCAST).type(0x88b5).bytes("flag " + ++flags).pad().build();
    }

    // ---- from the cable to the card

    /** {@return the next frame that the card receives; the caller's to release} */
    Packet receive() {
        return receive(1).getFirst();
    }

    /** {@return the next frames that the card receives, in their order; the caller's to release} */
    List<Packet> receive(int count) {
        List<Packet> all = new ArrayList<>();
        Packet[] burst = new Packet[count];
        until(count + " frames", () -> {
            far.pump();
            int polled = nic.rx(0).poll(burst, count - all.size());
            all.addAll(Arrays.asList(burst).subList(0, polled));
            return all.size() == count;
        });
        return all;
    }

    /** Sends a frame to the card and gives what it receives next. */
    Packet exchange(byte[] frame) {
        far.send(frame);
        return receive();
    }

    /** Checks that frames sent to the card before now, other than those received, do not arrive. */
    void expectNothing() {
        byte[] mark = flag();
        Packet packet = exchange(mark);
        assertSame(bytes(packet), mark, "the next frame");
        packet.release();
    }

    // ---- from the card to the cable

    /** {@return a packet that sends a frame from one buffer} */
    Packet packet(byte[] frame) {
        return nic.tx(0).packet().append(filled(frame, 0, frame.length, 0), 0, frame.length);
    }

    /** {@return a buffer of the pool with bytes at an offset in it} */
    Buffer filled(byte[] bytes, int from, int length, int offset) {
        Buffer buffer = pool.take();
        assertThat(buffer).as("a buffer to send from").isNotNull();
        scribe.copy(bytes, from, buffer, offset, length);
        return buffer;
    }

    /** Sends a packet. */
    void send(Packet packet) {
        Packet[] one = {packet};
        until("room to send", () -> nic.tx(0).send(one, 1) == 1);
    }

    /** {@return the next frame that the card sent} */
    byte[] onWire() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (;;) {
            // A frame that software segments goes on only when its queue is looked after.
            nic.tx(0).reclaim();
            byte[] frame = far.next(Duration.ofMillis(20));
            if (frame != null) {
                return frame;
            }
            assertThat(System.nanoTime()).as("no frame on the wire").isLessThan(deadline);
        }
    }

    /** {@return the next frames that the card sent} */
    List<byte[]> onWire(int count) {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < count) {
            all.add(onWire());
        }
        return all;
    }

    /** Checks that the card has sent nothing else before now. */
    void expectNothingOnWire() {
        byte[] mark = flag();
        send(packet(mark));
        assertSame(onWire(), mark, "the next frame on the wire");
    }

    /** Waits until the card has sent all it was given. */
    void settle() {
        until("completions", () -> {
            far.pump();
            nic.tx(0).reclaim();
            return nic.tx(0).pending() == 0;
        });
    }

    // ---- both

    /** {@return how a frame with headers is split: by the card if the plan says so, else as given} */
    SplitKind split(SplitKind bySoftware) {
        return nic.offloads().state(Offload.HEADER_SPLIT) == OffloadPlan.State.HARDWARE ? SplitKind.CARD_BY_HEADER : bySoftware;
    }

    /** Checks that two frames are the same, and shows the place where they are not. */
    static void assertSame(byte[] got, byte[] expected, String what, Object... values) {
        int at = Arrays.mismatch(got, expected);
        if (at >= 0) {
            int from = Math.max(0, at - 8);
            throw new AssertionError("%s has %d bytes and should have %d; from byte %d on, %d being the first that differs:%n"
                .formatted(what.formatted(values), got.length, expected.length, from, at)
                + "  is        " + hex(got, from) + "\n  should be " + hex(expected, from));
        }
    }

    private static String hex(byte[] frame, int from) {
        return HexFormat.ofDelimiter(" ").formatHex(frame, Math.min(from, frame.length), Math.min(frame.length, from + 24));
    }

    /** {@return the bytes of a packet} */
    byte[] bytes(Packet packet) {
        return bytes(packet.segments());
    }

    /** {@return the bytes of a segment list} */
    byte[] bytes(SegmentList list) {
        byte[] all = new byte[list.bytes()];
        int at = 0;
        for (int i = 0; i < list.count(); i++) {
            scribe.copy(list.buffer(i), list.offset(i), all, at, list.length(i));
            at += list.length(i);
        }
        return all;
    }

    /** Tries until it is so; fails after {@link #PATIENCE}. */
    static void until(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(deadline);
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    /** Closes the card; fails if a buffer is missing. */
    @Override
    public void close() {
        try {
            settle();
            pool.close();
        } finally {
            nic.close();
        }
        assertThat(nic.buffersOutstanding()).as("buffers outstanding").isZero();
    }
}

package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static dev.barewire.tools.suite.FrameBuilder.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.NicCounters;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames of all kinds in random order, sent on, kept and released, until every ring has gone round many times. */
@CardSuite
class SoakSuite {
    private static final int MTU = 4000;
    private static final int LONGEST = MTU + 22;
    private static final int WINDOW = 8;
    private static final int KEPT = 20;

    private final Random random = new Random(20);
    private final Queue<Packet> kept = new ArrayDeque<>();
    private final Queue<byte[]> keptBytes = new ArrayDeque<>();
    private long tooLong;

    @Test
    void shouldLoseNothingWhenAllKindsOfFramesMix() {
        NicConfig config = NicConfig.defaults().mtu(MTU).descriptors(256, 64).vlanStrip(true)
            .rxBuffers(MemoryKind.ANONYMOUS, 256, 1024)
            .headerPool(domain -> new BufferPool("headers", domain, MemoryKind.ANONYMOUS, 128, 256));
        try (Bench bench = Bench.open(config)) {
            int windows = CardUnderTest.repetitions(CardUnderTest.traits().windows());
            for (int i = 0; i < windows; i++) {
                window(bench);
            }
            bench.expectNothing();
            assertThat(bench.nic.counters().get(NicCounters.Name.RX_DROP_LONG)).isEqualTo(tooLong);
            kept.forEach(Packet::release);
        }
    }

    private void window(Bench bench) {
        List<byte[]> sound = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            byte[] frame = frame();
            bench.far.send(frame);
            if (frame.length <= LONGEST) {
                sound.add(frame);
            } else {
                tooLong++;
            }
        }
        for (byte[] frame : sound) {
            Packet packet = bench.receive();
            assertThat(packet.l4Checksum()).isNotEqualTo(Verdict.BAD);
            assertSame(bench.bytes(packet), frame, "received frame");
            if (random.nextInt(4) == 0) {
                bench.send(packet);
                assertSame(bench.onWire(), frame, "frame sent on");
            } else if (random.nextInt(4) == 0) {
                kept.add(packet);
                keptBytes.add(frame);
            } else {
                packet.release();
            }
        }
        while (kept.size() > KEPT) {
            Packet packet = kept.remove();
            assertSame(bench.bytes(packet), keptBytes.remove(), "kept frame");
            packet.release();
        }
    }

    private byte[] frame() {
        int bytes = random.nextInt(10) == 0 ? LONGEST + random.nextInt(5000) : random.nextInt(LONGEST - 150) + 10;
        int seed = random.nextInt();
        return switch (random.nextInt(5)) {
            case 0 -> new FrameBuilder().ipv4(TCP).tcp().payload(bytes, seed).pad().build();
            case 1 -> new FrameBuilder().ipv6(UDP).udp().payload(bytes, seed).pad().build();
            case 2 -> new FrameBuilder().ipv4(UDP, 0x2000, new byte[20]).payload(bytes, seed).pad().build();
            case 3 -> new FrameBuilder().ipv6(TCP).tcp(new byte[40]).payload(bytes, seed).pad().build();
            default -> new FrameBuilder().type(0x88b5).payload(bytes, seed).pad().build();
        };
    }
}

package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where the card writes, judged from outside of the driver: all of QEMU's RAM is compared before and after a frame, with
 * poison wherever nothing else is.
 */
@Timeout(120)
class QemuPlacementIT {
    private static final String CARD = "qemu:e1000?ram=16m";
    private static final int RAM = 16 << 20;
    private static final int BUFFER = 2048;
    private static final int DESCRIPTORS = 256;
    private static final int DESCRIPTOR = 16;

    private QemuBench bench;
    private PoisonedRam ram;
    private long rxRing;
    private long txRing;

    private void open(final int mtu) throws IOException {
        final BufferPool[] received = new BufferPool[1];
        bench = new QemuBench(CARD, NicConfig.defaults().mtu(mtu).promiscuous(true).descriptors(DESCRIPTORS, DESCRIPTORS)
            .payloadPool(domain ->
                received[0] = new BufferPool("payload", domain, MemoryKind.ANONYMOUS, BUFFER, DESCRIPTORS)));
        ram = new PoisonedRam(bench.device, RAM);
        rxRing = bench.nic.registers().get("RDBAL");
        txRing = bench.nic.registers().get("TDBAL");
        ram.poison(received[0].region().iova(0, 0), received[0].region().size());
        // Memory is given low first, so that all beyond the last buffer of the last pool is free.
        final long end = bench.pool.region().iova(0, 0) + bench.pool.region().size();
        ram.poison(end, RAM - end);
    }

    @AfterEach
    void close() {
        ram.close();
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"1500, 60", "1500, 61", "1500, 1514", "9000, 2048", "9000, 2049", "9000, 9014"})
    void shouldWriteFrameAndDescriptorsOnlyWhenAFrameIsReceived(final int mtu, final int length) throws IOException {
        open(mtu);
        for (int i = 0; i < 3; i++) {
            final byte[] frame = QemuBench.frame(length, i);
            final byte[] before = ram.snapshot();

            bench.give(frame);
            // Tells of the frame and leaves the ring as it is.
            QemuBench.until("a frame", () -> bench.nic.rx(0).await(1000));
            settle();
            final byte[] after = ram.snapshot();

            final Packet packet = take();
            final List<Long> allowed = new ArrayList<>();
            int at = 0;
            for (int s = 0; s < packet.segments().count(); s++) {
                final Buffer buffer = packet.segments().buffer(s);
                final int bytes = packet.segments().length(s);
                assertThat(packet.segments().offset(s)).isZero();
                for (int b = 0; b < bytes; b++, at++) {
                    final long place = buffer.iova() + b;
                    allowed.add(place);
                    assertThat(before[(int) place]).as("poison at 0x%x", place).isEqualTo(PoisonedRam.POISON);
                    assertThat(after[(int) place]).as("byte %d of the frame, at 0x%x", at, place).isEqualTo(frame[at]);
                }
            }
            assertThat(at).isEqualTo(length);
            final List<Long> elsewhere = PoisonedRam.changes(before, after);
            elsewhere.removeAll(new HashSet<>(allowed));
            assertThat(elsewhere).as("places written that are neither frame nor receive descriptor").allSatisfy(place ->
                assertThat(place - rxRing).as("0x%x within the ring", place)
                    .isBetween(0L, (long) DESCRIPTORS * DESCRIPTOR - 1));
            assertThat(elsewhere.stream().map(place -> (place - rxRing) / DESCRIPTOR).distinct().count())
                .as("descriptors written").isEqualTo(packet.segments().count());
            poisonBuffers(packet);
            packet.release();
        }
    }

    @Test
    void shouldWriteTransmitDescriptorsOnlyWhenFramesAreSent() throws IOException {
        open(1500);
        final Packet[] burst = new Packet[32];
        for (int i = 0; i < burst.length; i++) {
            burst[i] = bench.packet(QemuBench.frame(60 + i, i));
        }
        final byte[] before = ram.snapshot();

        assertThat(bench.nic.tx(0).send(burst, burst.length)).isEqualTo(burst.length);
        for (int i = 0; i < burst.length; i++) {
            assertThat(bench.onWire()).isEqualTo(QemuBench.frame(60 + i, i));
        }

        assertThat(PoisonedRam.changes(before, ram.snapshot())).isNotEmpty().allSatisfy(place ->
            assertThat(place - txRing).as("0x%x within the ring", place).isBetween(0L, (long) DESCRIPTORS * DESCRIPTOR - 1));
    }

    /** A register's value comes after all that the card did before it. */
    private void settle() {
        bench.nic.link();
    }

    private Packet take() {
        final Packet[] one = new Packet[1];
        QemuBench.until("the frame", () -> bench.nic.rx(0).poll(one) == 1);
        return one[0];
    }

    private void poisonBuffers(final Packet packet) {
        for (int s = 0; s < packet.segments().count(); s++) {
            ram.poison(packet.segments().buffer(s).iova(), BUFFER);
        }
    }
}

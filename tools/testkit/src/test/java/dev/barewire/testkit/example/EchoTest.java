package dev.barewire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.MacAddress;
import dev.barewire.Nic;
import dev.barewire.Packet;
import dev.barewire.Verdict;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Segment;
import dev.barewire.testkit.junit.CabledNics;
import dev.barewire.testkit.junit.NicUnderTest;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that answers UDP datagrams, tested over a cable that loses and spoils some of them. */
@Timeout(60)
final class EchoTest {
    private static final int QUESTIONS = 1000;
    private static final int HEADERS = 14 + 20 + 8;
    private static final int FRAME = 60;
    private static final int ECHO_PORT = 7;

    private final Packet[] burst = new Packet[64];
    private final Packet[] question = new Packet[1];
    private final Segment view = new Segment();

    /** What is tested: sends each datagram back to where it came from, in the buffer that it came in. */
    private static final class Echo {
        private final Nic nic;
        private final Packet[] burst = new Packet[64];

        Echo(final Nic nic) {
            this.nic = nic;
        }

        void work() {
            final int received = nic.rx(0).poll(burst);
            int answers = 0;
            for (int i = 0; i < received; i++) {
                final Packet packet = burst[i];
                if (isQuestion(packet)) {
                    turnRound(packet.editHeader());
                    burst[answers++] = packet;
                } else {
                    packet.release();
                }
            }
            final int sent = nic.tx(0).send(burst, answers);
            for (int i = sent; i < answers; i++) {
                burst[i].release();
            }
            nic.tx(0).reclaim();
        }

        /** Swapping sources and destinations changes no checksum: good ones stay good. */
        private void turnRound(final Segment header) {
            for (int i = 0; i < 6; i++) {
                final byte theirs = header.getByte(6 + i);
                header.putByte(i, theirs);
                header.putByte(6 + i, (byte) nic.mac().octet(i));
            }
            final int client = header.getInt(26);
            header.putInt(26, header.getInt(30));
            header.putInt(30, client);
            final int port = header.getInt(34);
            header.putInt(34, port << 16 | port >>> 16);
        }
    }

    @Test
    void shouldAnswerEveryQuestionOverACableThatLosesAndSpoilsSome(
        @NicUnderTest(wrap = "pcap:out=target/echo.pcapng:fault:loss=0.1&corrupt=0.05&reorder=0.1&seed=7") final CabledNics nics) {
        final Nic client = nics.left();
        final Echo echo = new Echo(nics.right());
        final BitSet answered = new BitSet(QUESTIONS);
        try (BufferPool pool = new BufferPool("questions", client.domain(), MemoryKind.ANONYMOUS, 64, 256)) {
            while (answered.cardinality() < QUESTIONS) {
                // Whatever has no answer yet is asked again, some at a time.
                int next = answered.nextClearBit(0);
                for (int i = 0; i < 32 && next < QUESTIONS && ask(client, nics.right().mac(), pool, next); i++) {
                    next = answered.nextClearBit(next + 1);
                }
                echo.work();
                hear(client, answered);
            }
            while (client.tx(0).pending() > 0) {
                client.tx(0).reclaim();
            }
        }
        assertThat(client.statistics().get("fault.tx.lost")).isPositive();
        assertThat(client.statistics().get("fault.rx.corrupted")).isPositive();
        assertThat(client.statistics().get("pcap.recorded")).isGreaterThan(2 * QUESTIONS);
    }

    /** Sends a datagram with a number in it; false if there is no room now. */
    private boolean ask(final Nic nic, final MacAddress to, final BufferPool pool, final int number) {
        final Buffer buffer = pool.take();
        if (buffer == null) {
            nic.tx(0).reclaim();
            return false;
        }
        final Segment frame = view.wrap(buffer, 0, FRAME, true);
        for (int i = 0; i < 6; i++) {
            frame.putByte(i, (byte) to.octet(i));
            frame.putByte(6 + i, (byte) nic.mac().octet(i));
        }
        frame.putShort(12, (short) 0x0800);
        frame.putInt(14, 0x45000000 | FRAME - 14);
        frame.putInt(18, 0);
        frame.putInt(22, 64 << 24 | 17 << 16);
        frame.putInt(26, 0x0a000001);
        frame.putInt(30, 0x0a000002);
        frame.putInt(34, 4000 << 16 | ECHO_PORT);
        frame.putInt(38, FRAME - 14 - 20 << 16);
        frame.putInt(HEADERS, number);
        question[0] = nic.tx(0).packet().append(buffer, 0, FRAME).requestChecksums();
        if (nic.tx(0).send(question, 1) == 0) {
            question[0].release();
            return false;
        }
        return true;
    }

    private void hear(final Nic nic, final BitSet answered) {
        final int received = nic.rx(0).poll(burst);
        for (int i = 0; i < received; i++) {
            final Packet packet = burst[i];
            if (isIntact(packet) && packet.header().getShort(34) == ECHO_PORT) {
                answered.set(packet.payload(0).getInt(0));
            }
            packet.release();
        }
    }

    private static boolean isQuestion(final Packet packet) {
        return isIntact(packet) && packet.header().getShort(36) == ECHO_PORT;
    }

    /** Checksums are verified by the card, or by the driver where the card cannot. */
    private static boolean isIntact(final Packet packet) {
        return packet.headerLength() == HEADERS && packet.ipChecksum() == Verdict.GOOD && packet.l4Checksum() == Verdict.GOOD;
    }
}

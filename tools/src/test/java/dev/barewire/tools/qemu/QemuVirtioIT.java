package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.HeaderSplit;
import dev.barewire.MacAddress;
import dev.barewire.NicConfig;
import dev.barewire.NicCounters.Name;
import dev.barewire.OffloadPlan.State;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.SplitKind;
import dev.barewire.driver.access.Registers;
import dev.barewire.profiles.Offload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** QEMU's virtio-net without a guest: both kinds of virtqueue, filters, splits by length, recovery. */
@Timeout(180)
class QemuVirtioIT {
    private static final String CARD = "qemu:virtio-net?";
    private static final int BAR = 4;
    private static final int QUEUE_SELECT = 0x16;
    private static final int QUEUE_ENABLE = 0x1c;
    private static final NicConfig ALL = NicConfig.defaults().promiscuous(true);

    @ParameterizedTest(name = "{0} without {1}, MTU {2}")
    @CsvSource({
        "packed=off, CTRL_VLAN, 1500",
        "packed=on, CTRL_VLAN, 1500",
        "packed=on&in_order=on&disable-legacy=on, CTRL_VLAN, 1500",
        "in_order=on&interrupts=intx, CTRL_VLAN, 1500",
        "packed=on, EVENT_IDX INDIRECT_DESC CTRL_VQ, 1500",
        "packed=off&interrupts=none, EVENT_IDX INDIRECT_DESC CTRL_VQ RING_RESET, 1500",
        "packed=off, CTRL_VLAN, 9000",
        "packed=on&rx_queue_size=1024, CTRL_VLAN, 9000",
    })
    void shouldMoveFramesOfEveryLengthBothWays(final String options, final String withheld, final int mtu) {
        final NicConfig config = ALL.mtu(mtu).withoutFeatures(withheld.split(" "));
        for (final HeaderSplit split : List.of(HeaderSplit.NONE, HeaderSplit.AFTER_L4, HeaderSplit.fixed(64))) {
            try (QemuBench bench = new QemuBench(CARD + options, config.headerSplit(split))) {
                for (int i = 0; i < 200; i++) {
                    final byte[] frame = QemuBench.frame(60 + i * 37 % (mtu + 14 - 60 + 1), i);
                    bench.give(frame);
                    bench.nic.rx(0).await(i % 3);
                    assertThat(bench.received()).as("frame %d, split %s", i, split).isEqualTo(frame);
                    bench.send(frame);
                    assertThat(bench.onWire()).as("frame %d sent", i).isEqualTo(frame);
                }
            }
        }
    }

    @Test
    void shouldCutAfterALengthAndCorrectWhatIsLongerByHeader() {
        try (QemuBench bench = new QemuBench(CARD + "packed=on", ALL)) {
            assertThat(bench.nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(State.HARDWARE);
            expectSplit(bench, udp(500), SplitKind.CARD_BY_LENGTH, 42);
            expectSplit(bench, tcp(500), SplitKind.HEADER_COPY, 54);
            expectSplit(bench, QemuBench.frame(500, 1), SplitKind.NOT_SPLIT, 0);
        }
    }

    /** However it was cut, all of the payload and nothing else lies in the receive buffers. */
    private static void expectSplit(final QemuBench bench, final byte[] frame, final SplitKind kind, final int header) {
        bench.give(frame);
        final Packet[] one = new Packet[1];
        QemuBench.until("the frame", () -> bench.nic.rx(0).poll(one) == 1);
        assertThat(one[0].split()).isEqualTo(kind);
        assertThat(one[0].headerLength()).isEqualTo(header);
        assertThat(bench.bytes(one[0])).isEqualTo(frame);
        if (header > 0) {
            assertThat(one[0].segments().length(0)).as("bytes in the header's buffer").isEqualTo(header);
            assertThat(one[0].segments().buffer(0).pool().name()).isEqualTo("receive headers");
            assertThat(one[0].segments().buffer(1).pool().name()).isEqualTo("receive");
        }
        one[0].release();
    }

    /** {@return an IPv4 UDP datagram of so many bytes, without a checksum that holds} */
    static byte[] udp(final int payload) {
        return ip(17, 8, payload);
    }

    private static byte[] tcp(final int payload) {
        return ip(6, 20, payload);
    }

    /** An IPv4 frame with a transport's header that says no more than where it ends. */
    private static byte[] ip(final int protocol, final int header, final int payload) {
        final byte[] frame = QemuBench.frame(34 + header + payload, protocol);
        frame[12] = 8;
        frame[13] = 0;
        frame[14] = 0x45;
        final int length = 20 + header + payload;
        frame[16] = (byte) (length >> 8);
        frame[17] = (byte) length;
        frame[20] = 0;
        frame[21] = 0;
        frame[23] = (byte) protocol;
        if (protocol == 17) {
            frame[38] = (byte) (8 + payload >> 8);
            frame[39] = (byte) (8 + payload);
        } else {
            frame[46] = 0x50;
        }
        return frame;
    }

    @Test
    void shouldTakeInOnlyWhatIsAskedFor() {
        try (QemuBench bench = new QemuBench(CARD + "packed=off", NicConfig.defaults())) {
            final long own = bench.nic.mac().value();
            final long group = 0x0100_5e01_0203L;
            expect(bench, own, 0, true);
            expect(bench, 0x5254_0099_9999L, 0, false);
            expect(bench, group, 0, false);
            bench.nic.multicast(List.of(new MacAddress(group)));
            expect(bench, group, 0, true);
            expect(bench, group + 1, 0, false);
            bench.nic.allMulticast(true);
            expect(bench, group + 1, 0, true);
            bench.nic.promiscuous(true);
            expect(bench, 0x5254_0099_9999L, 7, true);
            bench.nic.promiscuous(false);
            expect(bench, own, 7, true);
            bench.nic.vlans(List.of(5, 4095));
            expect(bench, own, 5, true);
            expect(bench, own, 4095, true);
            expect(bench, own, 7, false);
            expect(bench, own, 0, true);
            bench.nic.vlans((Collection<Integer>) null);
            expect(bench, own, 7, true);
        }
    }

    /** Gives the card a frame to an address, on a VLAN unless that is 0, and one to all that shows whether the first came. */
    private static void expect(final QemuBench bench, final long to, final int vlan, final boolean arrives) {
        final byte[] frame = to(to, vlan);
        final byte[] mark = to(0xffff_ffff_ffffL, 0);
        bench.give(frame);
        bench.give(mark);
        final List<byte[]> expected = arrives ? List.of(frame, mark) : List.of(mark);
        for (final byte[] next : expected) {
            assertThat(bench.received()).as("to %012x, VLAN %d", to, vlan).isEqualTo(next);
        }
    }

    private static byte[] to(final long address, final int vlan) {
        final byte[] frame = QemuBench.frame(80, (int) address + vlan);
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (address >> 40 - 8 * i);
        }
        if (vlan > 0) {
            frame[12] = (byte) 0x81;
            frame[13] = 0;
            frame[14] = (byte) (vlan >> 8);
            frame[15] = (byte) vlan;
        }
        return frame;
    }

    @ParameterizedTest
    @ValueSource(strings = {"msix", "intx", "none"})
    void shouldTellOfTheLinkWhenTheCableIsPulled(final String interrupts) {
        try (QemuBench bench = new QemuBench(CARD + "interrupts=" + interrupts, ALL)) {
            for (final boolean up : new boolean[] {false, true}) {
                final long changes = bench.nic.counters().get(Name.LINK_CHANGES);
                bench.device.link(up);
                QemuBench.until("the link to change", () -> {
                    bench.nic.rx(0).await(100);
                    return bench.nic.counters().get(Name.LINK_CHANGES) > changes;
                });
                assertThat(bench.nic.link().up()).isEqualTo(up);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"packed=off", "packed=on", "packed=off&interrupts=none"})
    void shouldGoOnWhenTheDeviceAsksToBeReset(final String options) {
        try (QemuBench bench = new QemuBench(CARD + options, ALL)) {
            final List<Packet> kept = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                final byte[] before = QemuBench.frame(300, round);
                bench.give(before);
                final Packet[] one = new Packet[1];
                QemuBench.until("a frame", () -> bench.nic.rx(0).poll(one) == 1);
                kept.add(one[0]);

                breakIt(bench);
                final long wanted = round + 1;
                QemuBench.until("the recovery", () -> {
                    bench.nic.rx(0).await(20);
                    bench.nic.link();
                    return bench.nic.counters().get(Name.CARD_RECOVERIES) == wanted;
                });

                for (int i = 0; i < 300; i++) {
                    final byte[] frame = QemuBench.frame(64 + i, i);
                    bench.give(frame);
                    assertThat(bench.received()).as("frame %d after recovery %d", i, round).isEqualTo(frame);
                    bench.send(frame);
                    assertThat(bench.onWire()).isEqualTo(frame);
                }
            }
            for (int round = 0; round < kept.size(); round++) {
                assertThat(bench.bytes(kept.get(round))).as("a frame of before").isEqualTo(QemuBench.frame(300, round));
                kept.get(round).release();
            }
            assertThat(bench.nic.statistics()).containsEntry("recoveries", 3L);
        }
    }

    /** What no driver may do: QEMU answers it by asking to be reset. */
    private static void breakIt(final QemuBench bench) {
        final Registers bar = bench.device.bar(BAR);
        bar.write(QUEUE_SELECT, Short.BYTES, 0);
        bar.write(QUEUE_ENABLE, Short.BYTES, 0);
    }

    @Test
    void shouldHonourTheMtuThatTheDeviceNames() {
        assertThatThrownBy(() -> new QemuBench(CARD + "host_mtu=1400", ALL)).isInstanceOfSatisfying(SetupException.class,
            refusal -> assertThat(refusal.mend()).contains("from 68 to 1400"));
        try (QemuBench bench = new QemuBench(CARD + "host_mtu=1400&speed=2500&duplex=full", ALL.mtu(1400))) {
            assertThat(bench.nic.link().mbps()).isEqualTo(2500);
            final Packet[] tooLong = {bench.packet(QemuBench.frame(1400 + 14 + 8 + 1, 1))};
            assertThat(bench.nic.tx(0).send(tooLong, 1)).isEqualTo(1);
            assertThat(bench.nic.counters().get(Name.TX_DROP_LONG)).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseADeviceOfBeforeVirtio1() {
        assertThatThrownBy(() -> new QemuBench(CARD + "disable-modern=on", ALL)).isInstanceOfSatisfying(SetupException.class,
            refusal -> assertThat(refusal.mend()).contains("disable-modern=off"));
    }
}

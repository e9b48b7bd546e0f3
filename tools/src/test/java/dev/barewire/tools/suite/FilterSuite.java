package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.Bench.assertSame;
import static dev.barewire.tools.suite.FrameBuilder.BROADCAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.MacAddress;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which frames the card takes in, and what it counts. */
@CardSuite
class FilterSuite {
    private static final long OTHER = 0x5254_0099_9999L;
    private static final long GROUP = 0x0100_5e01_0203L;
    private static final long OTHER_GROUP = 0x0100_5e7f_7f7fL;
    private static Bench bench;

    @BeforeAll
    static void open() {
        bench = Bench.openFiltering(NicConfig.defaults());
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    private static void expect(long to, boolean arrives) {
        byte[] frame = new FrameBuilder().to(to).type(0x88b5).payload(60, (int) to).build();
        expect(frame, arrives);
    }

    private static void expect(byte[] frame, boolean arrives) {
        bench.far.send(frame);
        if (arrives) {
            Packet packet = bench.receive();
            assertSame(bench.bytes(packet), frame, "frame");
            packet.release();
        }
        bench.expectNothing();
    }

    @Test
    void shouldTakeInOnlyWhatIsAddressedToTheCardUntilPromiscuous() {
        expect(bench.nic.mac().value(), true);
        expect(BROADCAST, true);
        expect(OTHER, false);
        expect(GROUP, false);

        bench.nic.promiscuous(true);
        expect(OTHER, true);
        expect(GROUP, true);

        bench.nic.promiscuous(false);
        expect(OTHER, false);
    }

    @Test
    void shouldTakeInGroupsWhenJoined() {
        bench.nic.multicast(List.of(new MacAddress(GROUP)));
        expect(GROUP, true);
        expect(OTHER_GROUP, false);

        bench.nic.allMulticast(true);
        expect(OTHER_GROUP, true);
        expect(OTHER, false);

        bench.nic.allMulticast(false);
        bench.nic.multicast(List.of());
        expect(GROUP, false);
        expect(BROADCAST, true);
    }

    @Test
    void shouldTakeInOnlyTheVlansAskedFor() {
        bench.nic.vlans(List.of(5, 4095));
        expect(tagged(5), true);
        expect(tagged(0xe000 | 4095), true);
        expect(tagged(6), false);
        expect(tagged(37), false);
        expect(bench.nic.mac().value(), true);

        bench.nic.vlans(null);
        expect(tagged(6), true);
    }

    private static byte[] tagged(int control) {
        return new FrameBuilder().to(bench.nic.mac().value()).tag(control).type(0x88b5).payload(60, control).build();
    }

    @Test
    void shouldCountWhatTheWireSaw() {
        Map<String, Long> before = bench.nic.statistics();
        long octets = 0;
        for (int size = 60; size <= 1500; size += 60) {
            byte[] frame = new FrameBuilder().to(bench.nic.mac().value()).type(0x88b5).payload(size - 14, size).build();
            octets += size + 4;
            bench.exchange(frame).release();
            // Every look takes what the card has counted; the totals go on.
            bench.nic.statistics();
            bench.send(bench.packet(frame));
            bench.onWire();
        }
        expect(BROADCAST, true);
        bench.nic.multicast(List.of(new MacAddress(GROUP)));
        bench.far.send(new FrameBuilder().to(GROUP).type(0x88b5).payload(60, 1).build());
        bench.receive().release();
        bench.nic.multicast(List.of());
        Map<String, Long> after = bench.nic.statistics();

        // The broadcast frame and the one that shows that nothing follows it, and the frame to the group.
        int flag = 60 + 4;
        assertThat(grown(before, after, "broadcast-packets-received")).isEqualTo(2);
        assertThat(grown(before, after, "multicast-packets-received")).isEqualTo(1);
        assertThat(grown(before, after, "good-packets-received")).isEqualTo(25 + 3);
        assertThat(grown(before, after, "good-octets-received")).isEqualTo(octets + 2 * (74 + 4) + flag);
        assertThat(grown(before, after, "good-packets-sent")).isEqualTo(25);
        assertThat(grown(before, after, "good-octets-sent")).isEqualTo(octets);
        assertThat(grown(before, after, "missed-packets")).isZero();
    }

    private static long grown(Map<String, Long> before, Map<String, Long> after, String name) {
        return after.get(name) - before.get(name);
    }
}

package dev.barewire.tools.suite;

import static dev.barewire.tools.suite.FrameBuilder.TCP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eight queues of QEMU's 82576: each frame comes to the queue that the table gives to its hash. */
@Timeout(120)
class Qemu82576QueuesIT {
    private static final int QUEUES = 8;
    private static final int FLOWS = 200;

    private static NicConfig config() {
        return NicConfig.defaults().queues(QUEUES).descriptors(64, 64).rxBuffers(MemoryKind.ANONYMOUS, 2048, 256)
            .promiscuous(true);
    }

    private static byte[] flow(int number) {
        return new FrameBuilder().ipv4(TCP).port(1000 + number).tcp().payload(100, number).build();
    }

    /** Sends a frame; {@return the queue that it came to, which must be the one for its hash by a table} */
    private static int queueOf(Bench bench, byte[] frame, int... table) {
        bench.far.send(frame);
        Packet[] one = new Packet[1];
        int[] found = {-1};
        Bench.until("a frame on one of the queues", () -> {
            for (int queue = 0; queue < QUEUES && found[0] < 0; queue++) {
                found[0] = bench.nic.rx(queue).poll(one) == 1 ? queue : -1;
            }
            return found[0] >= 0;
        });
        assertThat(one[0].hasHash()).isTrue();
        int entry = one[0].hash() & 127;
        assertThat(found[0]).as("the queue of hash 0x%x", one[0].hash()).isEqualTo(table[entry % table.length]);
        Bench.assertSame(bench.bytes(one[0]), frame, "the frame");
        one[0].release();
        return found[0];
    }

    // E1K-RING-18
    @Test
    void shouldSpreadFlowsOverAllQueuesByTheirHash() {
        try (Bench bench = Bench.over(Devices.open("qemu:igb"), config())) {
            int[] frames = new int[QUEUES];
            for (int i = 0; i < FLOWS; i++) {
                frames[queueOf(bench, flow(i), 0, 1, 2, 3, 4, 5, 6, 7)]++;
            }
            assertThat(frames).as("frames of each queue").doesNotContain(0);
        }
    }

    @Test
    void shouldKeepToATableOfTheApplicationsOwn() {
        try (Bench bench = Bench.over(Devices.open("qemu:igb"), config().rssTable(5, 5, 2, 7))) {
            for (int i = 0; i < FLOWS; i++) {
                queueOf(bench, flow(i), 5, 5, 2, 7);
            }
        }
    }

    @Test
    void shouldRefuseMoreQueuesThanAreDriven() {
        assertThatThrownBy(() -> Bench.over(Devices.open("qemu:igb"), config().queues(9)).close())
            .isInstanceOf(SetupException.class).hasMessageContaining("not 9 queues but 8");
    }
}

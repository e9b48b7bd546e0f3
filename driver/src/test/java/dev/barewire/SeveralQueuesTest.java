package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.NicCounters.Name;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.intel.IntelRegister;
import dev.barewire.profiles.Offload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A card with two queue pairs, each with all that is its own, against a card that is only registers. */
final class SeveralQueuesTest {
    private static final NicConfig TWO = NicTest.SMALL.queues(2);
    private static final int HDRSP = 1 << 15;
    private static final int DONE = 3;
    private static final int RDT_1 = 0x2918;

    private final Packet[] burst = new Packet[16];

    private static Nic open(final NicConfig config) {
        FakeDevice.nextDeviceId = FakeDevice.I82574L;
        return Nic.open("fake:1", config);
    }

    private static void refused(final NicConfig config, final String... parts) {
        assertThatThrownBy(() -> open(config)).isInstanceOf(SetupException.class).hasMessageContainingAll(parts)
            .hasNoSuppressedExceptions();
        assertThat(FakeDevice.last.closed).isTrue();
        assertThat(FakeDevice.last.mappings()).isZero();
    }

    private static boolean receive(final int queue) {
        FakeDevice.last.queue = queue;
        return FakeDevice.last.splitDescriptor(Frames.udp(100), Frames.UDP_HEADERS, HDRSP | Frames.UDP_HEADERS, DONE);
    }

    @Test
    void shouldReceiveAndSendOnEachQueueFromItsOwnBuffersAndCountApart() {
        try (Nic nic = open(TWO)) {
            assertThat(nic.queues()).isEqualTo(2);
            assertThat(nic.offloads().state(Offload.MULTI_QUEUE)).isEqualTo(OffloadPlan.State.HARDWARE);
            for (int i = 0; i < 3; i++) {
                assertThat(receive(1)).isTrue();
            }
            assertThat(nic.rx(0).poll(burst)).isZero();
            assertThat(nic.rx(1).poll(burst)).isEqualTo(3);
            assertThat(burst[0].segments().buffer(1).pool().name()).isEqualTo("receive of queue 1");
            assertThat(nic.tx(1).send(burst, 3)).isEqualTo(3);
            assertThat(FakeDevice.last.transmit()).hasSize(3);
            assertThat(nic.tx(1).reclaim()).isEqualTo(3);

            final NicCounters counters = nic.counters();
            assertThat(counters.get(Name.RX_FRAMES, 0)).isZero();
            assertThat(counters.get(Name.RX_FRAMES, 1)).isEqualTo(3);
            assertThat(counters.get(Name.TX_COMPLETED)).isEqualTo(3);
            assertThat(nic.buffersOutstanding()).isZero();
            assertThat(nic.facts()).containsEntry("receive-buffers", "32 for each queue of 2048 bytes, ANONYMOUS");
        }
    }

    @Test
    void shouldNameTheQueueInTheLabelOfACounterThatEachHas() {
        try (Nic nic = open(TWO)) {
            final List<String> labels = new ArrayList<>();
            nic.counters().manager().forEach((id, label) -> labels.add(label));
            assertThat(labels).contains("fake:1 rx.frames queue 0", "fake:1 rx.frames queue 1")
                .filteredOn(label -> !label.contains(" queue ")).containsExactlyInAnyOrder("fake:1 link-changes",
                    "fake:1 device.lost", "fake:1 card.recoveries", "fake:1 statistics.saturated");
            assertThatThrownBy(() -> nic.counters().get(Name.LINK_CHANGES, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> nic.counters().get(Name.RX_FRAMES, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            final AtomicCounter mine = nic.counters().counter(Name.RX_FRAMES, 0);
            mine.increment();
            assertThat(nic.counters().get(Name.RX_FRAMES)).isOne();
        }
    }

    @Test
    void shouldRefuseAQueueThatItDoesNotHave() {
        try (Nic nic = open(TWO)) {
            assertThatThrownBy(() -> nic.rx(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> nic.tx(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldNameTheBuffersOfTheQueueThatAreOutWhenClosed() {
        final Nic nic = open(TWO);
        assertThat(receive(1)).isTrue();
        assertThat(nic.rx(1).poll(burst)).isOne();

        assertThatThrownBy(nic::close).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("pool receive headers of queue 1 closed with 1");
    }

    @Test
    void shouldRefuseMoreQueuesThanTheCardHas() {
        refused(TWO.queues(3), "82574L", "3 queues", "but 2");
        assertThatThrownBy(() -> Nic.open("fake:1", TWO)).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("82540EM", "2 queues", "but 1");
        assertThatThrownBy(() -> TWO.queues(0)).isInstanceOf(IllegalArgumentException.class);
        refused(TWO.offload(Offload.MULTI_QUEUE, Force.OFF), "2 queues are asked for", "switched off");
    }

    @Test
    void shouldGiveOneQueueUnlessMoreAreAskedFor() {
        try (Nic nic = open(NicTest.SMALL)) {
            assertThat(nic.queues()).isOne();
            assertThat(nic.offloads().state(Offload.MULTI_QUEUE)).isEqualTo(OffloadPlan.State.ABSENT);
            assertThat(nic.offloads().reason(Offload.MULTI_QUEUE)).isEqualTo("one queue asked for");
            assertThat(FakeDevice.last.registers.values).doesNotContainKey(RDT_1);
        }
    }

    @Test
    void shouldRefuseATableThatNamesAQueueThatIsNotThereOrIsOfNoUse() {
        refused(TWO.rssTable(0, 1, 0, 2), "entry 3 to queue 2 of 2");
        refused(TWO.rssTable(-1), "entry 0 to queue -1");
        refused(TWO.rssTable(0, 1, 1), "3 entries", "power of two");
        refused(TWO.rssTable(new int[256]), "256 entries");
        refused(TWO.rssKey(new byte[16]), "RSS key", "40 bytes, not 16");
        refused(NicTest.SMALL.rssTable(0, 1), "queue 1 of 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "header"})
    void shouldRefuseOnePoolForTwoQueues(final String which) {
        final BufferPool[] same = new BufferPool[1];
        final NicConfig config = which.equals("payload")
            ? TWO.payloadPool(domain -> same[0] = same[0] != null ? same[0]
                : new BufferPool("mine", domain, MemoryKind.ANONYMOUS, 2048, 32))
            : TWO.headerPool(domain -> same[0] = same[0] != null ? same[0]
                : new BufferPool("mine", domain, MemoryKind.ANONYMOUS, 128, 32));
        refused(config, which + "Pool", "queue 1 the pool mine", "asked once for each queue");
    }

    @Test
    void shouldRefuseBuffersOfTwoSizes() {
        final int[] size = {2048};
        refused(TWO.payloadPool(domain -> new BufferPool("mine", domain, MemoryKind.ANONYMOUS, size[0] *= 2, 32)),
            "queue 1 buffers of 8192 bytes", "queue 0 buffers of 4096");
    }

    @Test
    void shouldLetQueuesSleepOnlyWhereEachHasAVector() {
        final List<Integer> sleeps = new ArrayList<>();
        FakeDevice.nextInterrupts = new FakeInterrupts(InterruptSource.Kind.MSIX, 2, sleeps);
        try (Nic nic = open(TWO)) {
            assertThat(nic.facts()).containsEntry("sleep", "MSIX, a vector for each queue");
            nic.rx(1).await(7);
            assertThat(sleeps).containsExactly(7);
        }
        FakeDevice.nextInterrupts = new FakeInterrupts(InterruptSource.Kind.MSI, 1, sleeps);
        try (Nic nic = open(TWO)) {
            assertThat(nic.facts().get("sleep")).startsWith("looks every millisecond");
            FakeDevice.last.registers.trace.clear();
            assertThat(nic.rx(1).await(7)).isFalse();
            assertThat(sleeps).containsExactly(7);
            assertThat(FakeDevice.last.registers.trace).as("queue 0 asks the card").isEmpty();
            assertThat(receive(1)).isTrue();
            assertThat(nic.rx(1).await(7)).isTrue();
            nic.rx(1).poll(burst);
            burst[0].release();
        }
    }

    @Test
    void shouldRefuseAModerationThatNoCardHas() {
        assertThatThrownBy(() -> TWO.interruptModeration(Duration.ofMillis(11))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TWO.interruptModeration(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
        open(TWO.interruptModeration(Duration.ofMillis(1))).close();
        assertThat(FakeDevice.last.registers.stored(IntelRegister.ITR)).isEqualTo(3907);
    }
}

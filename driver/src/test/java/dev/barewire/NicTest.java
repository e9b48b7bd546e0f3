package dev.barewire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.intel.IntelRegister;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.profiles.Offload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening, planning and closing, against a card that is only registers. */
final class NicTest {
    static final NicConfig SMALL = NicConfig.defaults().descriptors(16, 16).txPackets(32, 20)
        .rxBuffers(MemoryKind.ANONYMOUS, 2048, 32);

    @TempDir
    private Path folder;

    @Test
    void shouldLeaveTheCardQuietAndTheDomainEmptyWhenClosed() {
        final FakeDevice device;
        try (Nic nic = Nic.open("fake:1", SMALL)) {
            device = FakeDevice.last;
            assertThat(nic.card()).isEqualTo("82540EM");
            assertThat(nic.mac()).hasToString("52:54:00:12:34:56");
            assertThat(nic.link()).hasToString("1000 Mb/s full duplex");
            assertThat(device.config.get(PciConfig.COMMAND) & PciConfig.COMMAND_BUS_MASTER).isNotZero();
            assertThat(nic.buffersOutstanding()).isZero();
            assertThat(nic.facts()).containsEntry("receive-buffers", "32 of 2048 bytes, ANONYMOUS");
            assertThat(nic.registers()).containsKey("STATUS");
        }
        assertThat(device.closed).isTrue();
        assertThat(device.mappings()).isZero();
        assertThat(device.registers.values.get(0x100)).as("RCTL").isZero();
    }

    @Test
    void shouldRefuseEveryUseAfterClose() {
        final Nic nic = Nic.open("fake:1", SMALL);
        nic.close();
        nic.close();

        assertThatThrownBy(() -> nic.rx(0).poll(new Packet[1])).hasMessage("fake:1 is closed");
        assertThatThrownBy(() -> nic.tx(0).packet()).hasMessage("fake:1 is closed");
        assertThatThrownBy(nic::statistics).hasMessage("fake:1 is closed");
        assertThat(nic.counters().drops()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 67, 16093, 1 << 20})
    void shouldRefuseAnMtuThatTheCardCannotCarryAndLeaveNothingOpen(final int mtu) {
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.mtu(mtu))).isInstanceOf(SetupException.class)
            .hasMessageContaining("MTU of " + mtu).hasMessageContaining("from 68 to 16092");
        assertThat(FakeDevice.last.closed).isTrue();
        assertThat(FakeDevice.last.mappings()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 4104})
    void shouldRefuseARingThatTheCardDoesNotHave(final int descriptors) {
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.descriptors(descriptors, 16)))
            .isInstanceOf(SetupException.class).hasMessageContaining("a multiple of 8 from 8 to 4096");
    }

    @Test
    void shouldNameTheCardsThatHaveAProfileWhenThisOneHasNone() {
        FakeDevice.nextDeviceId = 0x1234;
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL)).isInstanceOf(SetupException.class)
            .hasMessageContaining("8086:1234").hasMessageContaining("82540EM (8086:100e)");
        assertThat(FakeDevice.last.closed).isTrue();
    }

    @Test
    void shouldRefuseBuffersSmallerThanAnyThatTheCardKnows() {
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.rxBuffers(MemoryKind.ANONYMOUS, 128, 32)))
            .isInstanceOf(SetupException.class).hasMessageContaining("128 bytes");
        assertThat(FakeDevice.last.mappings()).isZero();
    }

    @Test
    void shouldGiveReceiveChecksumsToSoftwareOnlyWhereTheQuirkApplies() {
        try (Nic nic = Nic.open("fake:1", SMALL)) {
            assertThat(nic.offloads().state(Offload.RX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.SOFTWARE);
            assertThat(nic.offloads().reason(Offload.RX_UDP_CHECKSUM)).contains("QEMU").contains("IXSM");
            assertThat(nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.SOFTWARE);
            assertThat(nic.offloads().reason(Offload.HEADER_SPLIT)).isEqualTo("82540EM: no packet split");
        }
        FakeDevice.nextSubsystemVendor = 0x8086;
        try (Nic nic = Nic.open("fake:1", SMALL)) {
            assertThat(nic.offloads().state(Offload.RX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.HARDWARE);
        }
    }

    @Test
    void shouldForceAnOffloadWhereThatIsPossibleAndSayWhyWhereNot() {
        final NicConfig software = SMALL.offload(Offload.TX_UDP_CHECKSUM, Force.SOFTWARE)
            .offload(Offload.HEADER_SPLIT, Force.OFF);
        try (Nic nic = Nic.open("fake:1", software)) {
            assertThat(nic.offloads().state(Offload.TX_UDP_CHECKSUM)).isEqualTo(OffloadPlan.State.SOFTWARE);
            assertThat(nic.offloads().reason(Offload.TX_UDP_CHECKSUM)).isEqualTo("asked for software");
            assertThat(nic.offloads().state(Offload.HEADER_SPLIT)).isEqualTo(OffloadPlan.State.ABSENT);
        }
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.offload(Offload.HEADER_SPLIT, Force.HARDWARE)))
            .isInstanceOf(SetupException.class).hasMessageContaining("header-split").hasMessageContaining("no packet split");
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.offload(Offload.RSS_HASH, Force.SOFTWARE)))
            .isInstanceOf(SetupException.class).hasMessageContaining("there is none");
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.offload(Offload.VLAN_INSERT, Force.HARDWARE)))
            .isInstanceOf(SetupException.class).hasMessageContaining("CTRL.VME");
    }

    @Test
    void shouldRefuseTheThreadThatHadTheQueuesAfterClose() {
        final Nic nic = Nic.open("fake:1", SMALL);
        nic.rx(0).poll(new Packet[1]);
        nic.tx(0).packet().release();
        nic.close();

        assertThatThrownBy(() -> nic.rx(0).poll(new Packet[1])).hasMessage("fake:1 is closed");
        assertThatThrownBy(() -> nic.rx(0).await(0)).hasMessage("fake:1 is closed");
        assertThatThrownBy(() -> nic.tx(0).reclaim()).hasMessage("fake:1 is closed");
    }

    /** The domain may outlive this card: others share it. */
    @Test
    void shouldLeaveNothingInTheDomainWhenTheQueuesCannotBeMade() {
        assertThatThrownBy(() -> Nic.open("fake:1", SMALL.txPackets(-1, 4))).isInstanceOf(RuntimeException.class);
        assertThat(FakeDevice.last.closed).isTrue();
        assertThat(FakeDevice.last.mappings()).isZero();
    }

    @Test
    void shouldLeaveNothingInTheDomainWhenTheReceiveBuffersAreAnotherThreads() {
        final NicConfig foreign = SMALL.payloadPool(domain -> {
            final BufferPool pool = new BufferPool("foreign", domain, MemoryKind.ANONYMOUS, 2048, 32);
            final Thread other = Thread.ofPlatform().daemon().start(() -> {
                pool.take().release();
                LockSupport.park();
            });
            while (other.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return pool;
        });
        assertThatThrownBy(() -> Nic.open("fake:1", foreign)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("pool foreign belongs to thread").hasNoSuppressedExceptions();
        assertThat(FakeDevice.last.closed).isTrue();
        assertThat(FakeDevice.last.mappings()).isZero();
        assertThat(FakeDevice.last.registers.values.get(0x100)).as("RCTL").isZero();
    }

    /** A card that was pulled reads as all ones, and its reset never ends. */
    @Test
    void shouldTakeEveryBufferBackFromACardThatDoesNotStop() {
        final Nic nic = Nic.open("fake:1", SMALL);
        final BufferPool pool = new BufferPool("app", nic.domain(), MemoryKind.ANONYMOUS, 64, 1);
        assertThat(nic.tx(0).send(new Packet[] {nic.tx(0).packet().append(pool.take(), 0, 60)}, 1)).isOne();
        FakeDevice.last.registers.onRead(IntelRegister.CTRL, same -> -1);

        assertThatThrownBy(nic::close).isInstanceOf(SetupException.class)
            .hasMessageContaining("does not come out of its reset").hasNoSuppressedExceptions();
        assertThat(pool.outstanding()).isZero();
        pool.close();
        assertThat(FakeDevice.last.closed).isTrue();
        assertThat(FakeDevice.last.mappings()).isZero();
    }

    @Test
    void shouldNameTheBuffersThatTheApplicationKeptWhenClosed() {
        final Nic nic = Nic.open("fake:1", SMALL);
        final Packet[] burst = new Packet[4];
        FakeDevice.last.receive(Frames.udp(100));
        assertThat(nic.rx(0).poll(burst)).isOne();
        assertThat(nic.buffersOutstanding()).isOne();

        assertThatThrownBy(nic::close).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("1 of 32 buffers outstanding").hasMessageContaining("APPLICATION");
        assertThat(FakeDevice.last.closed).isTrue();
    }

    @Test
    void shouldTellItsLifeToTheFlightRecorder() throws Exception {
        final Path file = folder.resolve("nic.jfr");
        try (Recording recording = new Recording()) {
            List.of("Open", "Close", "Reset", "Fault", "Drops", "Link")
                .forEach(name -> recording.enable("dev.barewire." + name));
            recording.start();
            try (Nic nic = Nic.open("fake:1", SMALL)) {
                FakeDevice.last.receive(new byte[9]);
                nic.rx(0).poll(new Packet[1]);
                FakeDevice.last.registers.onRead(IntelRegister.STATUS, same -> 0);
                assertThat(nic.link().up()).isFalse();
                assertThatThrownBy(() -> Nic.open("fake:2", SMALL.mtu(1))).isInstanceOf(SetupException.class);
                recording.dump(file);
                recording.stop();
            }
        }
        assertThat(Files.size(file)).isPositive();
        final Set<String> seen = RecordingFile.readAllEvents(file).stream()
            .map(RecordedEvent::getEventType).map(type -> type.getName()).collect(Collectors.toSet());
        assertThat(seen).contains("dev.barewire.Open", "dev.barewire.Reset", "dev.barewire.Fault", "dev.barewire.Link");
    }
}

package dev.barewire.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.Nic;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.dma.Buffer;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.wire.StreamWire;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is around a model: bus, IOMMU, cables, and its life. */
@Timeout(60)
class ModelDeviceTest {
    private static final String CARD = "82540EM";

    @TempDir
    private Path folder;

    @Test
    void shouldHaveTheConfigurationSpaceOfItsCard() {
        try (ModelDevice device = ModelDevice.open(CARD); ModelDevice qemus = ModelDevice.open(CARD + "?as=qemu")) {
            final PciConfig config = device.config();
            assertThat(config.read(PciConfig.VENDOR_ID, 2)).isEqualTo(0x8086);
            assertThat(config.read(PciConfig.DEVICE_ID, 2)).isEqualTo(0x100e);
            assertThat(config.read(0x08, 4) >>> 8).as("class").isEqualTo(0x020000);
            assertThat(config.read(0x2c, 2)).as("subsystem vendor").isEqualTo(0x8086);
            assertThat(qemus.config().read(0x2c, 2)).isEqualTo(0x1af4);
            assertThat(PciCapability.find(config, PciCapability.POWER_MANAGEMENT)).isNotZero();
            config.write(0x10, 4, -1);
            assertThat(-config.read(0x10, 4)).as("size of BAR 0").isEqualTo(device.bar(0).size()).isEqualTo(1 << 17);
            config.write(PciConfig.VENDOR_ID, 2, 0);
            assertThat(config.read(PciConfig.VENDOR_ID, 2)).isEqualTo(0x8086);
            assertThatThrownBy(() -> config.read(1, 2)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldAnswerOnlyWhereMemorySpaceIsOn() {
        try (ModelDevice device = ModelDevice.open(CARD)) {
            final Registers bar = device.bar(0);
            assertThat(bar.read(8)).isEqualTo(-1);
            device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY);
            assertThat(bar.read(8)).isEqualTo(0x81);
            assertThatThrownBy(() -> bar.read(bar.size())).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> bar.read(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> device.bar(1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldForgetEverythingWhenTheBusResetsIt() {
        try (ModelDevice device = ModelDevice.open(CARD)) {
            device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY);
            device.bar(0).write(0x100, 2);
            assertThat(device.reset()).isTrue();
            assertThat(device.config().read(PciConfig.COMMAND, 2)).isZero();
            device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY);
            assertThat(device.bar(0).read(0x100)).isZero();
        }
    }

    @Test
    void shouldRefuseMemoryThatIsNotMappedAndGoOn() {
        final byte[] good;
        try (ModelStation station = new ModelStation(CARD, ModelNicTest.SMALL)) {
            good = TestFrames.udp(station.mac(), 700);
            final BufferPool gone = new BufferPool("gone", station.nic.domain(), MemoryKind.ANONYMOUS, 2048, 8);
            final Buffer buffer = gone.take();
            station.device.link(false);
            final Packet packet = station.nic.tx(0).packet().lend(buffer, 0, 1000);
            station.post(packet);
            // The mistake: the memory goes while the card may still read it.
            gone.region().close();
            station.device.link(true);
            assertThat(station.sent()).hasSize(1000).containsOnly(-1);
            station.awaitCompletions();
            buffer.release();
            assertThat(station.device.dmaFaults()).containsEntry("transmit-buffer", 2L)
                .containsEntry("receive-buffer", 0L);
            assertThat(station.nic.facts().get("dma-faults")).isEqualTo("2 transmit-buffer");
            station.send(good);
            assertThat(station.sent()).isEqualTo(good);
        }
    }

    @Test
    void shouldCarryFramesFromCardToCard() {
        final String cable = CARD + "?wire=cable:pair";
        try (Nic one = Nic.open("model:" + cable, ModelNicTest.SMALL); Nic two = Nic.open("model:" + cable, ModelNicTest.SMALL);
                BufferPool pool = new BufferPool("frames", one.domain(), MemoryKind.ANONYMOUS, 2048, 4)) {
            final byte[] frame = TestFrames.udp(two.mac(), 600);
            final Buffer buffer = pool.take();
            for (int i = 0; i < frame.length; i++) {
                buffer.memory().putByte(buffer.base() + i, frame[i]);
            }
            final Packet[] burst = {one.tx(0).packet().append(buffer, 0, frame.length)};
            assertThat(one.tx(0).send(burst, 1)).isEqualTo(1);
            ModelStation.await(() -> two.rx(0).poll(burst) == 1);
            assertThat(ModelStation.bytes(burst[0])).isEqualTo(frame);
            // Both are in one domain, so that what one received the other may send.
            ModelStation.await(() -> two.tx(0).send(burst, 1) == 1);
            ModelStation.await(() -> {
                one.tx(0).reclaim();
                two.tx(0).reclaim();
                return one.tx(0).pending() + two.tx(0).pending() == 0;
            });
            assertThatThrownBy(() -> ModelDevice.open(cable)).isInstanceOf(SetupException.class).hasMessageContaining("pair");
            assertThat(one.name()).isEqualTo("model:" + cable);
        }
    }

    @Test
    void shouldSpeakToASocket() throws IOException {
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("wire"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                ModelDevice device = ModelDevice.open(CARD + "?wire=unix:" + address);
                StreamWire peer = StreamWire.accept(server);
                Nic nic = Nic.open(device, ModelNicTest.SMALL)) {
            assertThatThrownBy(device::wire).isInstanceOf(IllegalStateException.class).hasMessageContaining("unix:");
            final byte[] frame = TestFrames.udp(nic.mac(), 400);
            final Packet[] burst = new Packet[1];
            peer.send(ByteBuffer.wrap(frame));
            ModelStation.await(() -> nic.rx(0).poll(burst) == 1);
            assertThat(ModelStation.bytes(burst[0])).isEqualTo(frame);
            nic.tx(0).send(burst, 1);
            final ByteBuffer sent = ByteBuffer.allocate(StreamWire.MAX_FRAME);
            assertThat(peer.receive(sent)).isTrue();
            assertThat(sent).isEqualTo(ByteBuffer.wrap(frame));
            ModelStation.await(() -> {
                nic.tx(0).reclaim();
                return nic.tx(0).pending() == 0;
            });
        }
    }

    @Test
    void shouldOpenAndCloseAgainAndAgainAndLeaveNoThread() {
        for (int i = 0; i < 100; i++) {
            try (ModelStation station = new ModelStation(CARD + "?seed=" + i, ModelNicTest.SMALL)) {
                final byte[] frame = TestFrames.udp(station.mac(), 100 + i);
                station.inject(frame);
                assertThat(station.receive()).isEqualTo(frame);
                assertThat(station.device.domain().regions()).isNotEmpty();
            }
        }
        ModelStation.await(() -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("model:")));
    }

    @Test
    void shouldRefuseUseAfterClose() {
        final ModelDevice device = ModelDevice.open(CARD);
        final Registers bar = device.bar(0);
        device.close();
        device.close();
        assertThatThrownBy(() -> bar.read(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(device::interrupts).isInstanceOf(IllegalStateException.class);
    }
}

package dev.barewire.testkit.model.intel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.model.ModelDevice;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The model seen as a driver's author sees a card: registers and descriptors, no driver. */
@Timeout(60)
class IntelModelTest {
    private static final int CTRL = 0x0000;
    private static final int STATUS = 0x0008;
    private static final int EERD = 0x0014;
    private static final int MDIC = 0x0020;
    private static final int ICR = 0x00c0;
    private static final int ICS = 0x00c8;
    private static final int IMS = 0x00d0;
    private static final int IMC = 0x00d8;
    private static final int GPRC = 0x4074;
    private static final int GORCL = 0x4088;
    private static final int RAL0 = 0x5400;
    private static final int RING = 8;

    private ModelDevice device;
    private Registers bar;
    private Region memory;

    @BeforeEach
    void open() {
        device = ModelDevice.open("82540EM?mac=52:54:00:12:34:56");
        device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY | PciConfig.COMMAND_BUS_MASTER);
        bar = device.bar(0);
        memory = device.domain().allocate(MemoryKind.ANONYMOUS, 1 << 16);
    }

    @AfterEach
    void close() {
        memory.close();
        device.close();
    }

    @Test
    void shouldComeOutOfItsResetInAWhileAndHaveItsAddress() {
        bar.write(RAL0, 1);
        bar.write(CTRL, 1 << 26);
        assertThat(bar.read(CTRL) & 1 << 26).isNotZero();
        await(() -> (bar.read(CTRL) & 1 << 26) == 0);
        await(() -> bar.read(RAL0) == 0x12005452);
        assertThat(bar.read(RAL0 + 4)).isEqualTo(0x80005634);
    }

    @Test
    void shouldHaveAnEepromWhoseSumIsRight() {
        int sum = 0;
        for (int i = 0; i < 64; i++) {
            bar.write(EERD, 1 | i << 8);
            await(() -> (bar.read(EERD) & 1 << 4) != 0);
            sum += bar.read(EERD) >>> 16;
        }
        assertThat(sum & 0xffff).isEqualTo(0xbaba);
    }

    @Test
    void shouldAnswerForItsPhyAndForNoOther() {
        bar.write(MDIC, 2 << 26 | 1 << 21 | 2 << 16);
        assertThat(bar.read(MDIC) & 0xffff).isEqualTo(0x0141);
        assertThat(bar.read(MDIC) & 0x5000_0000).as("ready, no error").isEqualTo(0x1000_0000);
        bar.write(MDIC, 2 << 26 | 5 << 21 | 2 << 16);
        assertThat(bar.read(MDIC) & 0x4000_0000).as("error").isNotZero();
    }

    @Test
    void shouldRaiseItsLineWhileACauseIsLetThroughAndFireOnceUntilRearmed() {
        final InterruptSource interrupts = device.interrupts();
        bar.read(ICR);
        bar.write(ICS, 1 << 7);
        assertThat(interrupts.await(0, 0)).isFalse();
        bar.write(IMS, 1 << 7);
        assertThat(interrupts.await(0, 0)).isTrue();
        assertThat(interrupts.await(0, 0)).as("masked").isFalse();
        interrupts.rearm(0);
        assertThat(interrupts.await(0, 0)).as("still raised").isTrue();
        assertThat(bar.read(ICR)).isEqualTo(1 << 7);
        assertThat(bar.read(ICR)).isZero();
        interrupts.rearm(0);
        assertThat(interrupts.await(0, 0)).as("acknowledged").isFalse();
        bar.write(IMC, -1);
        assertThat(bar.read(IMS)).isZero();
        bar.write(ICS, -1);
        assertThat(interrupts.await(0, 1)).isFalse();
        interrupts.wake(0);
        assertThat(interrupts.await(0, -1)).isTrue();
    }

    @Test
    void shouldSetTheLinkUpOnlyWhereTheDriverLetsIt() {
        assertThat(bar.read(STATUS) & 2).isZero();
        bar.write(CTRL, 1 << 6);
        assertThat(bar.read(STATUS)).isEqualTo(0x83);
        assertThat(bar.read(ICR)).isEqualTo(1 << 2);
        device.link(false);
        assertThat(bar.read(STATUS) & 2).isZero();
        assertThat(bar.read(ICR)).isEqualTo(1 << 2);
    }

    @Test
    void shouldTouchOnlyTheDescriptorsHandedOver() {
        final MappedMemory ram = memory.memory();
        startReceiver(0, 4);
        final UnsafeBuffer frame = frame(100);
        for (int i = 0; i < 4; i++) {
            assertThat(device.wire().send(frame, 0, 100)).isTrue();
        }
        for (int i = 0; i < 4; i++) {
            final long at = 16L * i + 8;
            await(() -> (ram.getByteAcquire(at + 4) & 1) != 0);
            assertThat(ram.getLong(at) & 0xffff).isEqualTo(100);
            assertThat(ram.getByte(0x1000 + 0x800L * i + 99)).isEqualTo((byte) 99);
        }
        assertThat(device.wire().send(frame, 0, 100)).isTrue();
        await(() -> bar.read(0x40a0) == 1); // RNBC
        for (int i = 4; i < RING; i++) {
            assertThat(ram.getLong(16L * i + 8)).as("descriptor %d", i).isZero();
        }
        assertThat(bar.read(0x2810)).as("RDH").isEqualTo(4);
    }

    @Test
    void shouldShowNonsenseToWhoLooksBeforeADescriptorIsDone() {
        final MappedMemory ram = memory.memory();
        startReceiver(0, 1);
        int at = 0;
        boolean seen = false;
        for (final long start = System.nanoTime(); !seen && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20);) {
            assertThat(device.wire().send(frame(100), 0, 100)).isTrue();
            long quad;
            do {
                quad = ram.getLongAcquire(16L * at + 8);
                seen |= (quad & 1L << 32) == 0 && (quad & 0xffff) > 2048;
            } while ((quad & 1L << 32) == 0);
            assertThat(quad & 0xffff).isEqualTo(100);
            ram.putLong(16L * at + 8, 0);
            at = (at + 1) % RING;
            bar.write(0x2818, (at + 1) % RING);
        }
        assertThat(seen).isTrue();
    }

    @Test
    void shouldClearStatisticsWhenTheyAreRead() {
        startReceiver(0, 4);
        assertThat(device.wire().send(frame(100), 0, 100)).isTrue();
        await(() -> (memory.memory().getByteAcquire(12) & 1) != 0);
        assertThat(bar.read(GPRC)).isEqualTo(1);
        assertThat(bar.read(GPRC)).isZero();
        assertThat(bar.read(GORCL)).isEqualTo(104);
        assertThat(bar.read(GORCL)).as("low half").isEqualTo(104);
        assertThat(bar.read(GORCL + 4)).isZero();
        assertThat(bar.read(GORCL)).as("after the high half").isZero();
    }

    @Test
    void shouldAppendTheFcsUnlessToldToStripIt() {
        startReceiver(0, 4);
        bar.write(0x100, 1 << 1 | 1 << 15 | 1 << 3);
        assertThat(device.wire().send(frame(100), 0, 100)).isTrue();
        await(() -> (memory.memory().getByteAcquire(12) & 1) != 0);
        assertThat(memory.memory().getShort(8)).isEqualTo((short) 104);
        final java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(memory.memory().asSegment(0x1000, 104).asByteBuffer());
        assertThat((int) crc.getValue()).as("the residue of a frame with its FCS").isEqualTo(0x2144df1c);
    }

    private void startReceiver(final int head, final int tail) {
        final MappedMemory ram = memory.memory();
        for (int i = 0; i < RING; i++) {
            ram.putLong(16L * i, memory.iova(0x1000 + 0x800L * i, 0x800));
        }
        bar.write(CTRL, 1 << 6);
        bar.write(0x2800, (int) memory.iova(0, 0));
        bar.write(0x2804, (int) (memory.iova(0, 0) >>> 32));
        bar.write(0x2808, RING * 16);
        bar.write(0x2810, head);
        bar.write(0x2818, head);
        bar.write(0x100, 1 << 1 | 1 << 15 | 1 << 26);
        bar.write(0x2818, tail);
    }

    /** To all, and every byte from the 15th on is its own index. */
    private static UnsafeBuffer frame(final int length) {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[length]);
        frame.setMemory(0, 6, (byte) -1);
        for (int i = 14; i < length; i++) {
            frame.putByte(i, (byte) i);
        }
        return frame;
    }

    private static void await(final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
    }
}

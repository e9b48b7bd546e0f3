package dev.barewire.testkit.model.intel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.dma.Region;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.model.ModelDevice;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the model of the 82574L does otherwise than the 82540EM's: registers and descriptors, no driver. */
@Timeout(60)
class Model82574Test {
    private static final int CTRL = 0x0000;
    private static final int STATUS = 0x0008;
    private static final int EECD = 0x0010;
    private static final int EERD = 0x0014;
    private static final int ICR = 0x00c0;
    private static final int ICS = 0x00c8;
    private static final int IMS = 0x00d0;
    private static final int IMC = 0x00d8;
    private static final int EIAC = 0x00dc;
    private static final int IVAR = 0x00e4;
    private static final int EITR1 = 0x00ec;
    private static final int EXTCNF_CTRL = 0x0f00;
    private static final int PSRCTL = 0x2170;
    private static final int RXCSUM = 0x5000;
    private static final int RFCTL = 0x5008;
    private static final int MRQC = 0x5818;
    private static final int SWSM = 0x5b50;
    private static final int RETA = 0x5c00;
    private static final int RSSRK = 0x5c80;
    private static final int EXSTEN = 1 << 15;
    private static final int ON = 1 << 1 | 1 << 3 | 1 << 15 | 1 << 26;
    private static final int SPLIT = 1 << 10;
    private static final int RING = 8;
    private static final int BUFFERS = 0x1000;
    /** Of the key in Microsoft's "Verifying the RSS Hash Calculation". */
    private static final String KEY =
        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa";

    private ModelDevice device;
    private Registers bar;
    private Region memory;
    private MappedMemory ram;

    @BeforeEach
    void open() {
        device = ModelDevice.open("82574L?mac=52:54:00:12:34:56");
        device.config().write(PciConfig.COMMAND, 2, PciConfig.COMMAND_MEMORY | PciConfig.COMMAND_BUS_MASTER);
        bar = device.bar(0);
        memory = device.domain().allocate(MemoryKind.ANONYMOUS, 1 << 17);
        ram = memory.memory();
    }

    @AfterEach
    void close() {
        memory.close();
        device.close();
    }

    @Test
    void shouldHaveATableOfFiveMessages() {
        assertThat(PciCapability.msixTable(device.config()).vectors()).isEqualTo(5);
        assertThat(PciCapability.find(device.config(), PciCapability.PCI_EXPRESS)).isNotZero();
        assertThat(PciCapability.find(device.config(), PciCapability.POWER_MANAGEMENT)).isNotZero();
    }

    @Test
    void shouldSayWhenItHasReadItsEepromBehindAReset() {
        assertThat(bar.read(EECD) & 1 << 9).as("since power-on").isNotZero();
        bar.write(CTRL, 1 << 26);
        assertThat(bar.read(EECD) & 1 << 9).isZero();
        await(() -> (bar.read(EECD) & 1 << 9) != 0);
        int sum = 0;
        for (int i = 0; i < 64; i++) {
            bar.write(EERD, 1 | i << 2);
            await(() -> (bar.read(EERD) & 1 << 1) != 0);
            sum += bar.read(EERD) >>> 16;
        }
        assertThat(sum & 0xffff).isEqualTo(0xbaba);
    }

    @Test
    void shouldGiveWhatItsFirmwareHasOnlyWhenAskedAgain() {
        for (final int[] semaphore : new int[][] {{SWSM, 1 << 1}, {EXTCNF_CTRL, 1 << 5}}) {
            bar.write(semaphore[0], semaphore[1]);
            assertThat(bar.read(semaphore[0]) & semaphore[1]).isZero();
            await(() -> {
                bar.write(semaphore[0], semaphore[1]);
                return (bar.read(semaphore[0]) & semaphore[1]) != 0;
            });
        }
    }

    @Test
    void shouldLeaveTheBusWhenAsked() {
        assertThat(bar.read(STATUS) & 1 << 19).isNotZero();
        bar.write(CTRL, 1 << 2);
        assertThat(bar.read(STATUS) & 1 << 19).as("not at once").isNotZero();
        await(() -> (bar.read(STATUS) & 1 << 19) == 0);
        bar.write(CTRL, 0);
        assertThat(bar.read(STATUS) & 1 << 19).isNotZero();
    }

    // ---- receive formats

    @Test
    void shouldWriteAllOfAnExtendedDescriptorBack() {
        bar.write(RFCTL, EXSTEN);
        startReceiver(0, 4, 0);
        send(tcp(100));
        await(() -> (ram.getByteAcquire(8) & 1) != 0);
        assertThat(ram.getInt(8) & 0x7f).as("DD, EOP, TCPCS, IPCS").isEqualTo(0x63);
        assertThat(ram.getShort(12)).isEqualTo((short) 154);
        assertThat(ram.getLong(0)).as("address").isNotEqualTo(memory.iova(BUFFERS, 1));
        assertThat(ram.getByte(BUFFERS + 153)).isEqualTo((byte) 99);
    }

    /** Bytes before the payload, those in the header's buffer, and whether that is a header. */
    @ParameterizedTest
    @CsvSource({"udp, 142, 42, true", "tcp, 154, 54, true", "options, 166, 66, true", "fragment, 142, 34, true",
        "other, 114, 114, false", "other, 400, 128, false"})
    void shouldSplitBehindTheHeadersThatItKnows(final String kind, final int length, final int first, final boolean split) {
        startSplitReceiver();
        final byte[] frame = frame(kind, length);
        send(frame);
        await(() -> (ram.getByteAcquire(8) & 1) != 0);
        assertThat(ram.getShort(12)).as("length 0").isEqualTo((short) first);
        assertThat(ram.getShort(16) & 0xffff).as("header status").isEqualTo(split ? 1 << 15 | first : 0);
        assertThat(ram.getShort(18)).as("length 1").isEqualTo((short) (length - first));
        for (int i = 0; i < length; i++) {
            final long at = i < first ? BUFFERS + i : BUFFERS + 0x2000 + i - first;
            assertThat(ram.getByte(at)).as("byte %d", i).isEqualTo(frame[i]);
        }
        assertThat(bar.read(0x2810)).as("RDH counts units of 16 bytes").isEqualTo(2);
    }

    @Test
    void shouldGoOnInTheNextDescriptorWithoutItsFirstBufferWhenAFrameIsLongerThanOneTakes() {
        startSplitReceiver();
        final byte[] frame = frame("udp", 1514);
        send(frame);
        await(() -> (ram.getByteAcquire(32 + 8) & 1) != 0);
        assertThat(ram.getByte(8) & 3).as("DD, no EOP").isEqualTo(1);
        assertThat(ram.getShort(12)).isEqualTo((short) 42);
        assertThat(ram.getShort(18)).isEqualTo((short) 1024);
        assertThat(ram.getByte(32 + 8) & 3).as("DD, EOP").isEqualTo(3);
        assertThat(ram.getShort(32 + 12)).isEqualTo((short) 0);
        assertThat(ram.getShort(32 + 18)).isEqualTo((short) (1514 - 42 - 1024));
    }

    @Test
    void shouldSplitNoFragmentsWhenToldSo() {
        bar.write(RFCTL, EXSTEN | 1 << 14);
        startSplitReceiver();
        send(frame("fragment", 142));
        await(() -> (ram.getByteAcquire(8) & 1) != 0);
        assertThat(ram.getShort(16)).as("header status").isZero();
        assertThat(ram.getShort(12)).isEqualTo((short) 128);
    }

    // ---- queues

    /** Addresses and ports of a published example, whose hash ends in 0x78: entry 120, and in 0xc2 for the addresses alone: entry 66. */
    @ParameterizedTest
    @CsvSource({"true, 51ccc178, 1", "false, 323e8fc2, 2"})
    void shouldPutAFrameIntoTheQueueOfItsHash(final boolean tcp, final String hash, final int type) {
        bar.write(RFCTL, EXSTEN);
        startReceiver(0, 4, 0);
        startReceiver(1, 4, 0x8000);
        bar.write(RXCSUM, 1 << 13);
        final ByteBuffer key = ByteBuffer.wrap(HexFormat.of().parseHex(KEY)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 40; i += 4) {
            bar.write(RSSRK + i, key.getInt(i));
        }
        final int entry = (int) Long.parseLong(hash, 16) & 127;
        bar.write(RETA + (entry & ~3), 0x80 << 8 * (entry & 3));
        bar.write(MRQC, 1 | 1 << 16 | 1 << 17);
        final byte[] frame = frame(tcp ? "tcp" : "udp", 154);
        final ByteBuffer addresses = ByteBuffer.wrap(frame);
        addresses.putInt(26, 0x420995bb).putInt(30, 0xa18e6450).putInt(34, 0x0aea06e6);
        send(frame);
        await(() -> (ram.getByteAcquire(0x8000 + 8) & 1) != 0);
        assertThat(Integer.toHexString(ram.getInt(0x8000 + 4))).isEqualTo(hash);
        assertThat(ram.getInt(0x8000)).as("type and queue").isEqualTo(1 << 8 | type);
        assertThat(ram.getByte(8)).as("queue 0").isZero();
    }

    // ---- messages

    @Test
    void shouldSendTheVectorOfACauseOnceUntilItIsCleared() {
        final InterruptSource interrupts = device.interrupts();
        assertThat(interrupts.kind()).isEqualTo(InterruptSource.Kind.MSIX);
        bar.write(IVAR, 8 | (8 | 3) << 4 | (8 | 4) << 16);
        bar.write(ICS, 1 << 20);
        assertThat(interrupts.await(0, 0)).as("masked").isFalse();
        bar.write(IMS, 1 << 20 | 1 << 21 | 1 << 24);
        assertThat(interrupts.await(0, 0)).isTrue();
        bar.write(ICS, 1 << 20);
        assertThat(interrupts.await(0, 0)).as("not cleared yet").isFalse();
        bar.write(ICR, 1 << 20);
        bar.write(ICS, 1 << 20 | 1 << 21);
        assertThat(interrupts.await(0, 0)).isTrue();
        assertThat(interrupts.await(3, 0)).isTrue();
        bar.write(ICS, 1 << 2);
        assertThat(interrupts.await(4, 0)).as("others").isTrue();
        assertThat(interrupts.await(1, 0)).isFalse();
        bar.write(IMC, -1);
        assertThat(bar.read(ICR)).isEqualTo(1 << 2 | 1 << 20 | 1 << 21 | 1 << 24);
        assertThat(bar.read(ICR)).isZero();
    }

    @Test
    void shouldClearWhatIsToClearItself() {
        final InterruptSource interrupts = device.interrupts();
        bar.write(IVAR, 8);
        bar.write(EIAC, 1 << 20);
        bar.write(IMS, 1 << 20);
        for (int i = 0; i < 3; i++) {
            bar.write(ICS, 1 << 20);
            assertThat(interrupts.await(0, 0)).isTrue();
        }
    }

    @Test
    void shouldHoldAVectorBackWhileItsThrottleRuns() {
        final InterruptSource interrupts = device.interrupts();
        bar.write(IVAR, (8 | 1) << 4);
        bar.write(EITR1, 0xffff);
        bar.write(EIAC, 1 << 21);
        bar.write(IMS, 1 << 21);
        bar.write(ICS, 1 << 21);
        assertThat(interrupts.await(1, 0)).isTrue();
        final long first = System.nanoTime();
        bar.write(ICS, 1 << 21);
        assertThat(interrupts.await(1, 10_000)).isTrue();
        // 65535 times 256 ns, less what passed between the first message and the look at the clock.
        assertThat(System.nanoTime() - first).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1));
    }

    // ---- what the tests send

    private void startReceiver(final int queue, final int tail, final int ring) {
        for (int i = 0; i < RING; i++) {
            ram.putLong(ring + 16L * i, memory.iova(ring + BUFFERS + 0x800L * i, 0x800));
        }
        start(queue, tail, ring, RING * 16, ON);
    }

    /** Headers of 128 bytes, a payload buffer of 1024 and no more. */
    private void startSplitReceiver() {
        for (int i = 0; i < RING; i++) {
            ram.putLong(32L * i, memory.iova(BUFFERS + 0x80L * i, 0x80));
            ram.putLong(32L * i + 8, memory.iova(BUFFERS + 0x2000 + 0x400L * i, 0x400));
        }
        bar.write(RFCTL, bar.read(RFCTL) | EXSTEN);
        bar.write(PSRCTL, 1 | 1 << 8);
        start(0, 8, 0, RING * 32, ON | SPLIT);
    }

    private void start(final int queue, final int tail, final int ring, final int bytes, final int rctl) {
        final int at = 0x2800 + 0x100 * queue;
        bar.write(CTRL, 1 << 6);
        bar.write(at, (int) memory.iova(ring, 0));
        bar.write(at + 4, (int) (memory.iova(ring, 0) >>> 32));
        bar.write(at + 8, bytes);
        bar.write(at + 0x10, 0);
        bar.write(0x100, rctl);
        bar.write(at + 0x18, tail);
    }

    private void send(final byte[] frame) {
        assertThat(device.wire().send(new UnsafeBuffer(frame), 0, frame.length)).isTrue();
    }

    private static byte[] tcp(final int payload) {
        return frame("tcp", 54 + payload);
    }

    private static byte[] frame(final String kind, final int length) {
        final ByteBuffer frame = ByteBuffer.allocate(length);
        for (int i = 14; i < length; i++) {
            frame.put(i, (byte) (kind.equals("tcp") ? i - 54 : i));
        }
        frame.putShort(12, (short) (kind.equals("other") ? 0x88b5 : 0x0800));
        if (!kind.equals("other")) {
            final boolean tcp = kind.equals("tcp") || kind.equals("options");
            frame.putInt(14, 0x4500 << 16 | length - 14).putInt(18, kind.equals("fragment") ? 0x2000 : 0)
                .putInt(22, 64 << 24 | (tcp ? 6 : 17) << 16);
            frame.putShort(38, (short) (length - 34));
            if (tcp) {
                frame.put(46, (byte) (kind.equals("options") ? 0x80 : 0x50));
            }
        }
        return frame.array();
    }

    private static void await(final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
    }
}

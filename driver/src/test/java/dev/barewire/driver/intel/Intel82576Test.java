package dev.barewire.driver.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.card.RxSplit;
import dev.barewire.rings.intel.AdvancedRxRing;
import dev.barewire.rings.intel.ExtendedRxRing;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The card's bring-up, judged by the order of its register accesses. */
final class Intel82576Test {
    private static final int RXDCTL_0 = 0xc028;
    private static final Intel82576.Traits OLD = new Intel82576.Traits(false, false, false, false);
    private static final Intel82576.Traits LATE = new Intel82576.Traits(true, true, true, false);

    private final RecordedRegisters registers = IntelEepromTest.addPcieEeprom(new RecordedRegisters())
        .onWrite(IntelRegister.CTRL, written -> written & ~(IntelBits.CTRL_RST | IntelBits.CTRL_MASTER_DISABLE))
        .onWrite(IntelRegister.MDIC, written -> written | 1 << 28)
        .onRead(IntelRegister.EEMNGCTL, same -> IntelBits.EEMNGCTL_PORT_0_DONE)
        .onRead(IntelRegister.RAL0, same -> 0x12005452).onRead(IntelRegister.RAH0, same -> 0x80005634);
    private final IommuDomain domain = new IommuDomain(new IommuMapper() {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // every IOVA is as good as any
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // nothing was mapped
        }
    }, List.of(new IovaRange(0, (1L << 39) - 1)));

    private Intel82576 card(final RxSplit split, final boolean vectors, final int queues, final Intel82576.Traits traits) {
        return new Intel82576(registers, domain, new CardSettings(64, 32, 2048, split, 32768, 0, false, true, false, vectors,
            queues > 1 ? new byte[40] : new byte[0], queues, new int[0], 50_000), traits);
    }

    @AfterEach
    void close() {
        domain.close();
    }

    /** E1K-RESET-01, -02 and -05, E1K-LINK-02, -04 and -05, E1K-NVM-02 and -04. */
    @Test
    void shouldMaskAllInterruptsOwnWhatItUsesAndStartTheLink() {
        try (Intel82576 card = card(RxSplit.NONE, false, 1, OLD)) {
            assertThat(card.mac().toString()).isEqualTo("52:54:00:12:34:56");
            assertThat(registers.trace).containsSubsequence("write IMC ffffffff", "write EIMC ffffffff", "write RCTL 0",
                "write CTRL 4", "write CTRL 4000000", "read EECD", "read EEMNGCTL", "write IMC ffffffff", "write EIMC ffffffff",
                "write SWSM 2", "write SW_FW_SYNC 1", "write SWSM 0", "write EERD 1", "write SW_FW_SYNC 0", "read RAL0",
                "write CTRL 40", "write SW_FW_SYNC 2", "write MDIC 8200000", "write MDIC 4201200", "write SW_FW_SYNC 0");
        }
    }

    /** E1K-RING-15 and -16, E1K-SPLIT-07 and -08, E1K-RX-04 and -11. */
    @Test
    void shouldSetAQueueUpWhileItIsOffAndRingItsDoorbellWhenItIsOn() {
        try (Intel82576 card = card(new RxSplit(256, 1), false, 1, OLD)) {
            card.start();
            card.rxDoorbell(0, 8);

            assertThat(card.rxRing(0)).isInstanceOf(AdvancedRxRing.class);
            assertThat(registers.trace).containsSubsequence("write c028 0", "write e028 0", "write c008 400", "write c00c 4000402",
                "write PSRTYPE 3fe", "write c028 2010808", "read c028", "write e028 2000108", "read e028", "write RCTL 4008002",
                "write c018 8");
        }
    }

    @Test
    void shouldLetEveryFrameStartInAHeaderBufferWhenAskedAndNoneWhenItDoesNotSplit() {
        card(new RxSplit(64, 1, true), false, 1, OLD).close();
        assertThat(registers.trace).contains("write c00c a000102");
        registers.trace.clear();
        try (Intel82576 card = card(RxSplit.NONE, false, 1, OLD)) {
            assertThat(registers.trace).contains("write c00c 2000002");
            assertThat(card.rxRing(0)).isInstanceOf(ExtendedRxRing.class);
        }
    }

    /** E1K-INTR-03 and -07, E1K-RING-18. */
    @Test
    void shouldGiveEachQueueItsRegistersAndItsVector() {
        try (Intel82576 card = card(RxSplit.NONE, true, 3, OLD)) {
            assertThat(registers.trace).contains("write c088 400", "write e088 200", "write 1704 81", "write 1708 82",
                "write 1688 800000c8", "write GPIE c0000011", "write EIAM 7", "write c00c 82000002");
            assertThat(registers.values.get(0x5c00)).isEqualTo(0x00020100);
            assertThat(registers.values.get(0x5c04)).isEqualTo(0x01000201);
            registers.trace.clear();

            card.enableInterrupt(2);
            assertThat(card.disableInterrupt(2)).isFalse();

            assertThat(registers.trace).containsExactly("write EIMS 4", "write EIMC 4", "write EICR 4", "read STATUS");
            assertThat(card.hadCause(2)).isTrue();
            assertThat(card.vector(2)).isEqualTo(2);
        }
    }

    /** What differs on the I350, I210 and I211. */
    @Test
    void shouldPlaceVectorsByPairsAndReadNoEepromWhereTheCardIsSuch() {
        try (Intel82576 card = card(RxSplit.NONE, true, 4, LATE)) {
            assertThat(registers.values.get(0x1700)).isEqualTo(0x00810080);
            assertThat(registers.values.get(0x1704)).isEqualTo(0x00830082);
            assertThat(registers.values).containsKey(0xc0f8);
            assertThat(registers.trace).doesNotContain("write EERD 1");
            assertThat(card.mac().toString()).isEqualTo("52:54:00:12:34:56");
        }
    }

    @Test
    void shouldSayWhenAQueueIsNotSwitchedOn() {
        try (Intel82576 card = card(RxSplit.NONE, false, 1, OLD)) {
            registers.onWriteAt(RXDCTL_0, written -> 0);
            assertThatThrownBy(card::start).isInstanceOf(SetupException.class).hasMessageContaining("queue 0");
        }
    }

    @Test
    void shouldSayWhenThePhyDoesNotAnswer() {
        registers.onWrite(IntelRegister.MDIC, written -> 0);

        assertThatThrownBy(() -> card(RxSplit.NONE, false, 1, OLD))
            .isInstanceOf(SetupException.class).hasMessageContaining("PHY does not answer");
        assertThat(domain.regions()).isEmpty();
        assertThat(registers.stored(IntelRegister.SW_FW_SYNC)).as("what is owned").isZero();
    }

    @Test
    void shouldSayWhenFirmwareKeepsTheEeprom() {
        registers.onWrite(IntelRegister.SWSM, written -> 0);

        assertThatThrownBy(() -> card(RxSplit.NONE, false, 1, OLD))
            .isInstanceOf(SetupException.class).hasMessageContaining("semaphore");
    }
}

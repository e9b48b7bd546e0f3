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
import dev.barewire.rings.intel.ExtendedRxRing;
import dev.barewire.rings.intel.PacketSplitRxRing;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The card's bring-up, judged by the order of its register accesses. */
final class Intel82574Test {
    private final RecordedRegisters registers = IntelEepromTest.addPcieEeprom(new RecordedRegisters())
        .onWrite(IntelRegister.CTRL, written -> written & ~(IntelBits.CTRL_RST | IntelBits.CTRL_MASTER_DISABLE));
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

    private static CardSettings settings(final RxSplit split, final boolean vectors) {
        return new CardSettings(64, 32, 2048, split, 8192, 0, false, true, false, vectors, new byte[0], 1, new int[0], 0);
    }

    private Intel82574 card(final RxSplit split, final boolean vectors) {
        return new Intel82574(registers, domain, settings(split, vectors));
    }

    @AfterEach
    void close() {
        domain.close();
    }

    /** E1K-RESET-01 to -05, E1K-LINK-05. */
    @Test
    void shouldEndAccessesToMemoryBeforeTheResetAndOwnTheEepromBeforeItIsRead() {
        card(RxSplit.NONE, false).close();

        assertThat(registers.trace).containsSubsequence("write IMC ffffffff", "write RCTL 0", "write TCTL 8", "read STATUS",
            "write CTRL 4", "read STATUS", "write EXTCNF_CTRL 20", "write CTRL 4000000", "read CTRL", "read EECD",
            "write IMC ffffffff", "read ICR", "write SWSM 2", "read SWSM", "write EERD 1", "write SWSM 0", "write VET 8100");
    }

    /** E1K-SPLIT-01, E1K-SPLIT-02, E1K-RX-03, E1K-RING-13. */
    @Test
    void shouldSetTheSplitUpBeforeItEnablesReceiving() {
        try (Intel82574 card = card(new RxSplit(256, 2), false)) {
            card.start();

            assertThat(card.rxRing(0)).isInstanceOf(PacketSplitRxRing.class);
            assertThat(registers.trace).containsSubsequence("write RDLEN 800", "write RFCTL 8000", "write PSRCTL 20202",
                "write RCTL 4008400", "write RCTL 4008402");
        }
    }

    @Test
    void shouldUseExtendedDescriptorsWhenItDoesNotSplit() {
        try (Intel82574 card = card(RxSplit.NONE, false)) {
            assertThat(card.rxRing(0)).isInstanceOf(ExtendedRxRing.class);
            assertThat(registers.trace).containsSubsequence("write RDLEN 400", "write RFCTL 8000", "write RCTL 4008000");
            assertThat(registers.trace).noneMatch(line -> line.startsWith("write PSRCTL"));
        }
    }

    /** E1K-RING-17, E1K-TX-01, E1K-TX-05. */
    @Test
    void shouldLetTheQueueSendAndCountThresholdsInDescriptors() {
        card(RxSplit.NONE, false).close();

        assertThat(registers.stored(IntelRegister.TXDCTL)).isEqualTo(1 << 22);
        assertThat(registers.stored(IntelRegister.TARC0) & 1 << 10).isNotZero();
        assertThat(registers.stored(IntelRegister.TIPG)).isEqualTo(0x00602008);
    }

    /** E1K-INTR-02, -08 and -10. */
    @Test
    void shouldUseTheQueuesOwnCausesWhenInterruptsAreMessages() {
        try (Intel82574 card = card(RxSplit.NONE, true)) {
            assertThat(registers.stored(IntelRegister.IVAR)).isEqualTo(0x00080008);
            registers.trace.clear();

            card.enableInterrupt(0);
            assertThat(card.disableInterrupt(0)).isFalse();

            assertThat(registers.trace).containsExactly(
                "write IMS 1100004", "write IMC 1100004", "write ICR 1100004", "read STATUS");
            assertThat(card.hadCause(0)).isTrue();
            assertThat(card.vector(0)).isZero();
        }
    }

    @Test
    void shouldTellOfTheLinkOnceWhenMessagesComeAndAdaptToIt() {
        try (Intel82574 card = card(RxSplit.NONE, true)) {
            card.start();
            registers.onRead(IntelRegister.STATUS, same -> IntelBits.STATUS_LU);
            assertThat(card.disableInterrupt(0)).isTrue();
            assertThat(card.disableInterrupt(0)).isFalse();
            assertThat(registers.stored(IntelRegister.TCTL) >>> 12).as("collision distance of half duplex").isEqualTo(0x200);

            registers.onRead(IntelRegister.STATUS, same -> -1);
            assertThat(card.disableInterrupt(0)).as("lost").isTrue();
            assertThat(card.disableInterrupt(0)).as("still lost").isTrue();
        }
    }

    private static CardSettings twoQueues(final int moderationNanos, final int... table) {
        return new CardSettings(
            64, 32, 2048, RxSplit.NONE, 8192, 0, false, true, false, true, new byte[40], 2, table, moderationNanos);
    }

    /** E1K-INTR-02, -06 and -10. */
    @Test
    void shouldGiveEachQueueItsRegistersRingsAndVector() {
        try (Intel82574 card = new Intel82574(registers, domain, twoQueues(1000))) {
            assertThat(registers.stored(IntelRegister.IVAR)).isEqualTo(0x00080098);
            assertThat(registers.values).containsEntry(0x2908, 0x400).containsEntry(0x3908, 0x200)
                .containsEntry(0x3928, 1 << 22).containsEntry(0x3940, 1 << 10)
                .containsEntry(0xe8, 4).containsEntry(0xec, 4).containsEntry(0xc4, 4);
            assertThat(registers.values.get(0x2900)).isNotEqualTo(registers.values.get(0x2800));
            assertThat(card.rxRing(1)).isNotSameAs(card.rxRing(0));
            assertThat(card.txRing(1)).isNotSameAs(card.txRing(0));
            assertThat(card.vector(1)).isOne();
            assertThat(card.registers()).containsEntry("TXDCTL[1]", 1 << 22).containsKeys("RDT[1]", "TDT[1]");

            registers.trace.clear();
            card.rxDoorbell(1, 5);
            card.txDoorbell(1, 6);
            card.enableInterrupt(1);
            assertThat(card.disableInterrupt(1)).as("the link, which is queue 0's to tell of").isFalse();
            assertThat(registers.trace).containsExactly("write 2918 5", "write 3918 6",
                "write IMS 200000", "write IMC 200000", "write ICR 200000", "read STATUS");
        }
    }

    @Test
    void shouldSpreadFlowsEvenlyOrAsTheTableSays() {
        new Intel82574(registers, domain, twoQueues(0)).close();
        assertThat(registers.values).containsEntry(0x5c00, 0x80008000).containsEntry(0x5c7c, 0x80008000);

        new Intel82574(registers, domain, twoQueues(0, 1)).close();
        assertThat(registers.values).containsEntry(0x5c00, 0x80808080).containsEntry(0x5c7c, 0x80808080);

        new Intel82574(registers, domain, twoQueues(0, 0, 0, 0, 1, 1, 1, 1, 1)).close();
        assertThat(registers.values).containsEntry(0x5c00, 0x80000000).containsEntry(0x5c04, 0x80808080)
            .containsEntry(0x5c78, 0x80000000);
    }

    @Test
    void shouldUseTheOldCausesWhenInterruptsAreALine() {
        try (Intel82574 card = card(RxSplit.NONE, false)) {
            registers.trace.clear();

            card.enableInterrupt(0);
            card.disableInterrupt(0);

            assertThat(registers.trace).containsExactly("write IMS d4", "write IMC ffffffff", "read ICR");
        }
    }

    /** E1K-RESET-02: a card that never comes to rest is reset all the same. */
    @Test
    void shouldResetACardWhoseBusUnitDoesNotComeToRest() {
        registers.onRead(IntelRegister.STATUS, same -> IntelBits.STATUS_MASTER_ENABLED);

        card(RxSplit.NONE, false).close();

        assertThat(registers.trace).contains("write CTRL 4000000");
    }

    @Test
    void shouldSayWhenTheEepromIsNotReadAfterAReset() {
        registers.onRead(IntelRegister.EECD, same -> 0);

        assertThatThrownBy(() -> card(RxSplit.NONE, false))
            .isInstanceOf(SetupException.class).hasMessageContaining("does not end reading its EEPROM");
        assertThat(domain.regions()).isEmpty();
    }

    @Test
    void shouldSayWhenFirmwareKeepsTheEeprom() {
        registers.onWrite(IntelRegister.SWSM, written -> 0);

        assertThatThrownBy(() -> card(RxSplit.NONE, false))
            .isInstanceOf(SetupException.class).hasMessageContaining("firmware does not let go");
    }

    @Test
    void shouldKeepNoMemoryWhenItIsToldOfBuffersThatTheCardDoesNotHave() {
        assertThatThrownBy(() -> card(new RxSplit(200, 1), false))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("buffers of 200 and 2048 bytes");
        assertThat(domain.regions()).isEmpty();
    }

    /** Reading the semaphore takes it. */
    @Test
    void shouldReadNoRegisterThatReadingChangesInADump() {
        try (Intel82574 card = card(RxSplit.NONE, false)) {
            registers.trace.clear();
            assertThat(card.registers()).containsKeys("CTRL", "RFCTL", "PSRCTL", "IVAR").doesNotContainKeys("ICR", "SWSM");
            assertThat(registers.trace).doesNotContain("read ICR", "read SWSM");
        }
    }
}

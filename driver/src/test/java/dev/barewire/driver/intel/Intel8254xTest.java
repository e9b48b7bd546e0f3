package dev.barewire.driver.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.LinkState;
import dev.barewire.SetupException;
import dev.barewire.dma.BufferPool;
import dev.barewire.dma.DmaAccess;
import dev.barewire.dma.IommuDomain;
import dev.barewire.dma.IommuMapper;
import dev.barewire.dma.IovaRange;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.MemoryKind;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.card.RxSplit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The card's bring-up, judged by the order of its register accesses. */
final class Intel8254xTest {
    private static final CardSettings SETTINGS = new CardSettings(
        64, 32, 2048, RxSplit.NONE, 16288, 0, false, false, false, false, new byte[0], 1, new int[0], 0);

    private final RecordedRegisters registers = IntelEepromTest.addEeprom(new RecordedRegisters(), 0)
        .onWrite(IntelRegister.CTRL, written -> written & ~IntelBits.CTRL_RST);
    private final IommuDomain domain = new IommuDomain(new NoIommu(), List.of(new IovaRange(0, (1L << 39) - 1)));

    private static final class NoIommu implements IommuMapper {
        @Override
        public void map(final MappedMemory memory, final long iova, final long bytes, final DmaAccess access) {
            // every IOVA is as good as any
        }

        @Override
        public void unmap(final long iova, final long bytes) {
            // nothing was mapped
        }
    }

    @AfterEach
    void close() {
        domain.close();
    }

    /** E1K-RESET-01, -03, -04 and -10. */
    @Test
    void shouldMaskStopResetAndMaskAgainInThatOrder() {
        new Intel8254x(registers, domain, SETTINGS);

        final List<String> trace = registers.trace;
        final int reset = trace.indexOf("write CTRL 4000000");
        assertThat(reset).isPositive();
        assertThat(trace.subList(0, reset)).containsSubsequence(
            "write IMC ffffffff", "write RCTL 0", "write TCTL 8", "read STATUS");
        assertThat(trace.subList(reset, trace.size())).containsSubsequence("read CTRL", "write IMC ffffffff", "read ICR");
    }

    @Test
    void shouldSayWhenTheResetNeverEnds() {
        registers.onWrite(IntelRegister.CTRL, same -> same);

        assertThatThrownBy(() -> new Intel8254x(registers, domain, SETTINGS))
            .isInstanceOf(SetupException.class).hasMessageContaining("does not come out of its reset")
            .hasMessageContaining("0x4000000");
        assertThat(domain.regions()).isEmpty();
    }

    @Test
    void shouldKeepNoMemoryWhenItIsSetUpForWhatTheCardDoesNotHave() {
        assertThatThrownBy(() -> new Intel8254x(registers, domain, new CardSettings(
            64, 32, 3072, RxSplit.NONE, 16288, 0, false, false, false, false, new byte[0], 1, new int[0], 0)))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no receive buffer size of 3072");
        assertThat(domain.regions()).isEmpty();
    }

    /** E1K-RING-01 to -04 and -08, E1K-RX-01, E1K-TX-01, E1K-VLAN-01, E1K-LINK-01. */
    @Test
    void shouldSetTheRingsUpWhileTheUnitsAreOffAndPostBuffersBeforeTrafficCanCome() {
        try (Intel8254x card = new Intel8254x(registers, domain, SETTINGS);
            BufferPool pool = new BufferPool("test", domain, MemoryKind.ANONYMOUS, 2048, 100)) {
            assertThat(registers.stored(IntelRegister.RDLEN)).isEqualTo(64 * 16);
            assertThat(registers.stored(IntelRegister.TDLEN)).isEqualTo(32 * 16);
            assertThat(registers.stored(IntelRegister.RDBAL) & 127).isZero();
            assertThat(registers.stored(IntelRegister.TDBAL)).isEqualTo(registers.stored(IntelRegister.RDBAL) + 64 * 16);
            assertThat(registers.stored(IntelRegister.RCTL) & IntelBits.RCTL_EN).isZero();
            assertThat(registers.stored(IntelRegister.TCTL) & IntelBits.TCTL_EN).isZero();
            assertThat(registers.stored(IntelRegister.VET)).isEqualTo(0x8100);
            assertThat(registers.stored(IntelRegister.TIPG)).isEqualTo(0x0060200a);
            assertThat(registers.stored(IntelRegister.CTRL) & (IntelBits.CTRL_SLU | IntelBits.CTRL_FRCSPD))
                .isEqualTo(IntelBits.CTRL_SLU);
            registers.trace.clear();

            card.rxRing(0).fill(pool);
            card.start();

            assertThat(registers.stored(IntelRegister.RDT)).isEqualTo(63);
            assertThat(registers.stored(IntelRegister.RCTL)).isEqualTo(
                IntelBits.RCTL_EN | IntelBits.RCTL_BAM | IntelBits.RCTL_SECRC);
            assertThat(registers.stored(IntelRegister.TCTL)).isEqualTo(0x000400fa);
            assertThat(registers.trace).noneMatch(line -> line.startsWith("write RDH") || line.startsWith("write TDH"));

            card.stop();
            card.rxRing(0).drain();
            assertThat(pool.outstanding()).isZero();
            assertThat(registers.stored(IntelRegister.RCTL)).isZero();
        }
    }

    @Test
    void shouldTellTheLinkAsStatusHasIt() {
        try (Intel8254x card = new Intel8254x(registers, domain, SETTINGS)) {
            registers.values.put(IntelRegister.STATUS.offset(), 0);
            assertThat(card.link()).isEqualTo(LinkState.DOWN);
            registers.values.put(IntelRegister.STATUS.offset(), 0x83);
            assertThat(card.link()).isEqualTo(new LinkState(true, 1000, true));
            registers.values.put(IntelRegister.STATUS.offset(), 0x42);
            assertThat(card.link()).isEqualTo(new LinkState(true, 100, false));
            registers.values.put(IntelRegister.STATUS.offset(), -1);
            assertThat(card.link()).isEqualTo(LinkState.DOWN);
        }
    }

    /** E1K-INTR-01, -04, -08 and E1K-LINK-06. */
    @Test
    void shouldMaskByImcAndAcknowledgeByReadingOnce() {
        try (Intel8254x card = new Intel8254x(registers, domain, SETTINGS)) {
            registers.trace.clear();
            assertThat(card.disableInterrupt(0)).isFalse();
            assertThat(registers.trace).containsExactly("write IMC ffffffff", "read ICR");

            registers.values.put(IntelRegister.ICR.offset(), IntelBits.CAUSE_LSC);
            registers.values.put(IntelRegister.STATUS.offset(), 0x42);
            assertThat(card.disableInterrupt(0)).isTrue();
            assertThat(registers.stored(IntelRegister.TCTL) >>> IntelBits.TCTL_COLD_SHIFT).isEqualTo(0x200);

            assertThat(card.hadCause(0)).isTrue();

            registers.values.put(IntelRegister.ICR.offset(), 0);
            assertThat(card.disableInterrupt(0)).isFalse();
            assertThat(card.hadCause(0)).isFalse();
        }
    }

    @Test
    void shouldSeeThatTheCardIsNotThereAnyMore() {
        try (Intel8254x card = new Intel8254x(registers, domain, SETTINGS)) {
            assertThat(card.isLost()).isFalse();
            registers.values.put(IntelRegister.STATUS.offset(), -1);
            registers.values.put(IntelRegister.ICR.offset(), -1);
            registers.trace.clear();

            assertThat(card.isLost()).isTrue();
            assertThat(card.disableInterrupt(0)).isTrue();
            assertThat(registers.trace).noneMatch(line -> line.startsWith("write TCTL"));
            assertThatThrownBy(card::stop).isInstanceOf(SetupException.class).hasMessageContaining("not on the bus any more");
        }
    }

    @Test
    void shouldReadNoRegisterThatReadingChangesInADump() {
        try (Intel8254x card = new Intel8254x(registers, domain, SETTINGS)) {
            registers.trace.clear();
            assertThat(card.registers()).containsKeys("CTRL", "STATUS", "RDT").doesNotContainKeys("ICR", "IMC", "ICS");
            assertThat(registers.trace).doesNotContain("read ICR");
        }
    }
}

package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.access.Devices;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.InterruptSource.Kind;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The vectors of QEMU's 82574L, without a driver: its causes are set by hand (datasheet 317694, 10.2.4). */
@Timeout(60)
class QemuMessagesIT {
    private static final int ICR = 0xc0;
    private static final int ICS = 0xc8;
    private static final int IMS = 0xd0;
    private static final int IVAR = 0xe4;
    private static final int FIRST_CAUSE = 1 << 20;
    private static final int SECOND_CAUSE = 1 << 21;
    private static final int FIRST = 1;
    private static final int SECOND = 3;
    private static final int VALID = 8;

    private QemuDevice device;
    private Registers registers;
    private InterruptSource interrupts;

    @BeforeEach
    void open() {
        device = (QemuDevice) Devices.open("qemu:e1000e");
        device.config().write(PciConfig.COMMAND, Short.BYTES,
            device.config().read(PciConfig.COMMAND, Short.BYTES) | PciConfig.COMMAND_BUS_MASTER);
        registers = device.bar(0);
        interrupts = device.interrupts();
        registers.write(IVAR, VALID | FIRST | (VALID | SECOND) << 4);
        registers.write(IMS, FIRST_CAUSE | SECOND_CAUSE);
    }

    @AfterEach
    void close() {
        device.close();
    }

    /** The card fires once for a cause, until software has cleared it. */
    private void fire(final int cause) {
        registers.write(ICR, cause);
        registers.write(ICS, cause);
    }

    @Test
    void shouldFireTheVectorThatTheCauseIsMappedTo() {
        assertThat(interrupts.kind()).isEqualTo(Kind.MSIX);
        assertThat(interrupts.vectors()).isEqualTo(5);

        fire(SECOND_CAUSE);

        assertThat(interrupts.await(SECOND, 10_000)).isTrue();
        for (final int other : new int[] {0, FIRST, 2, 4}) {
            assertThat(interrupts.await(other, 0)).as("vector " + other).isFalse();
        }
        fire(FIRST_CAUSE);
        fire(SECOND_CAUSE);
        assertThat(interrupts.await(FIRST, 10_000)).isTrue();
        assertThat(interrupts.await(SECOND, 10_000)).isTrue();
    }

    @Test
    void shouldLoseNoMessageWhenTheyComeAsSoonAsTheLastIsTaken() {
        for (int i = 0; i < 2000; i++) {
            fire(FIRST_CAUSE);
            assertThat(interrupts.await(FIRST, 10_000)).as("message " + i).isTrue();
        }
    }

    @Test
    void shouldBeWokenByAnotherThreadOrElseWaitUntilTheTimeIsOver() throws InterruptedException {
        final long start = System.nanoTime();
        assertThat(interrupts.await(0, 30)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));

        final Thread waker = Thread.ofPlatform().start(() -> interrupts.wake(0));
        assertThat(interrupts.await(0, -1)).isTrue();
        waker.join();
        interrupts.wake(2);
        assertThat(interrupts.await(2, 0)).as("woken before it waited").isTrue();
        assertThat(interrupts.await(2, 0)).isFalse();
    }

    @Test
    void shouldLetWhoWaitsGoWhenQemuDiesOrTheCardIsClosed() throws InterruptedException {
        final Thread killer = Thread.ofPlatform().start(() -> device.process().destroyForcibly());
        assertThat(interrupts.await(0, -1)).isTrue();
        killer.join();

        final Thread closer = Thread.ofPlatform().start(device::close);
        interrupts.await(0, -1);
        closer.join();
        interrupts.wake(0);
        assertThat(interrupts.await(0, -1)).isFalse();
    }

    @Test
    void shouldInterruptByTheKindThatIsAskedForOrSayThatItCannot() {
        try (QemuDevice line = (QemuDevice) Devices.open("qemu:e1000e?interrupts=intx");
            QemuDevice silent = (QemuDevice) Devices.open("qemu:e1000?interrupts=none")) {
            assertThat(line.interrupts().kind()).isEqualTo(Kind.INTX);
            assertThat(silent.interrupts().kind()).isEqualTo(Kind.NONE);
        }
        assertThatThrownBy(() -> Devices.open("qemu:e1000?interrupts=msix")).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("cannot interrupt by MSIX", "interrupts=intx");
        assertThatThrownBy(() -> Devices.open("qemu:e1000e?interrupts=msi")).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("cannot interrupt by MSI", "interrupts=msix or intx");
    }
}

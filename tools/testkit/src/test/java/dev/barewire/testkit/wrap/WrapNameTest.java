package dev.barewire.testkit.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of wrapping devices, as they are opened. */
final class WrapNameTest {
    @TempDir
    private Path folder;

    @Test
    void shouldLeaveTheInnerNameItsOwnOptions() {
        final WrapName name = WrapName.parse("fault", "loss=0.5&seed=7:model:82540EM?mac=52:54:00:00:00:01&rules=off",
            Set.of("loss", "seed"));

        assertThat(name.device()).isEqualTo("model:82540EM?mac=52:54:00:00:00:01&rules=off");
        assertThat(name.rate("loss")).isEqualTo(0.5);
        assertThat(name.number("seed", 1, 0, 100)).isEqualTo(7);
    }

    @Test
    void shouldReadBackAFileNameOfAnyKind() {
        final String odd = "/tmp/a:b&c%3Ad%.pcapng";

        final WrapName name = WrapName.parse("pcap", "out=" + WrapName.escape(odd) + ":fake:x", Set.of("out"));

        assertThat(name.text("out")).isEqualTo(odd);
        assertThat(name.device()).isEqualTo("fake:x");
    }

    @Test
    void shouldOpenWrappingsOfWrappings() {
        final String file = folder.resolve("a.pcapng").toString();

        try (DeviceAccess device = Devices.open("fault:loss=0.1&rx.loss=0&seed=3:pcap:out=" + file + "&snaplen=96:test:card")) {
            assertThat(device).isInstanceOf(FaultDevice.class);
            assertThat(device.facts()).containsEntry("recording", file)
                .containsEntry("faults", "tx.loss=0.1&delay-us=1000&seed=3");
            assertThat(WrappedDevice.innermost(device)).isInstanceOf(FakeCard.class);
            assertThat(Path.of(file)).exists();
        }
    }

    @Test
    void shouldDrawASeedAndShowIt() {
        try (DeviceAccess device = Devices.open("fault:delay=0.1&delay-us=5:test:card")) {
            assertThat(device.facts().get("faults")).matches("rx.delay=0.1&tx.delay=0.1&delay-us=5&seed=\\d+");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "fault:test:card | 'test' | name=value",
        "fault:loss=0.1 | does not say how to wrap which device | fault:loss=0.01&seed=7:model:82540EM",
        "fault:lost=0.1:test:card | 'lost=0.1' | rx.loss",
        "fault:loss=2:test:card | 'loss=2' | probability",
        "fault:loss=often:test:card | 'loss=often' | probability",
        "fault:delay-us=-1:test:card | 'delay-us=-1' | whole number from 0",
        "fault:loss=0.1:nothing:card | 'nothing:card' | test:",
        "pcap:snaplen=96:test:card | names no file | out=FILE",
        "pcap:out=a&snaplen=0:test:card | 'snaplen=0' | whole number from 1",
        "pcap:in=a&pace=slow:test:card | 'pace=slow' | fast or recorded",
        "pcap:in=a&times=no:test:card | 'times=no' | whole number",
        "pcap:in=/no/such/file:test:card | /no/such/file | ls -l",
    })
    void shouldRefuseANameThatMakesNoSense(final String name, final String found, final String mend) {
        assertThatThrownBy(() -> Devices.open(name)).isInstanceOfSatisfying(SetupException.class, refused -> {
            assertThat(refused.problem()).contains(found);
            assertThat(refused.mend()).contains(mend);
        });
    }

    @Test
    void shouldCloseTheInnerDeviceWhenTheFileIsRefused() {
        assertThatThrownBy(() -> Devices.open("pcap:out=/no/such/folder/a:test:card")).isInstanceOf(SetupException.class);

        assertThat(TestProvider.last.closed).isTrue();
    }
}

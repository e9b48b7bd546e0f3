package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.Nic;
import dev.barewire.NicConfig;
import dev.barewire.Packet;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.Devices;
import dev.barewire.testkit.pcap.CaptureFile;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Devices that wrap devices, around a card of QEMU's. */
@Timeout(120)
class QemuWrappedIT {
    private static final int FRAMES = 1000;
    private static final int LENGTH = 100;
    private static final int LAST = 20;
    private static final int LAST_SEED = 255;

    private static int receive(String name) {
        DeviceAccess device = Devices.open(name);
        try (Nic nic = Nic.open(device, NicConfig.defaults().promiscuous(true))) {
            Wire wire = ((Wired) device).wire();
            Packet[] burst = new Packet[64];
            int received = 0;
            byte[] last = QemuBench.frame(LENGTH, LAST_SEED);
            for (int i = 0; i < FRAMES; i++) {
                byte[] frame = QemuBench.frame(LENGTH, i % 100);
                QemuBench.until("room on the cable", () -> wire.send(new UnsafeBuffer(frame), 0, LENGTH));
                received += take(nic, burst, 0);
            }
            // Whatever is lost or held back, the card has had them all when it has had these.
            for (int i = 0; i < LAST; i++) {
                QemuBench.until("room on the cable", () -> wire.send(new UnsafeBuffer(last), 0, LENGTH));
                received += take(nic, burst, 20);
            }
            return received;
        }
    }

    /** {@return how many frames have come, those not counted that only push the others} */
    private static int take(Nic nic, Packet[] burst, int millis) {
        byte pushes = QemuBench.frame(LENGTH, LAST_SEED)[LENGTH - 1];
        nic.rx(0).await(millis);
        int count = nic.rx(0).poll(burst);
        int taken = 0;
        for (int i = 0; i < count; i++) {
            taken += burst[i].payload(0).getByte(LENGTH - 1) == pushes ? 0 : 1;
            burst[i].release();
        }
        return taken;
    }

    @Test
    void shouldRecordWhatTheCardReceives(@TempDir Path folder) throws Exception {
        Path capture = folder.resolve("in.pcap");
        assertThat(receive("pcap:out=" + capture + ":qemu:e1000")).isEqualTo(FRAMES);
        assertThat(CaptureFile.read(capture).frames()).filteredOn(frame -> !frame.isSent()).hasSizeGreaterThanOrEqualTo(FRAMES)
            .allMatch(frame -> frame.length() == LENGTH);
    }

    @Test
    void shouldLoseFramesAsOftenAsIsAskedFor() {
        assertThat(receive("fault:rx.loss=0.5&seed=7:qemu:e1000")).isBetween(FRAMES * 4 / 10, FRAMES * 6 / 10);
    }

    @Test
    void shouldDoubleFramesAsOftenAsIsAskedFor() {
        assertThat(receive("fault:rx.duplicate=0.25&seed=7:qemu:e1000")).isBetween(FRAMES * 12 / 10, FRAMES * 13 / 10);
    }
}

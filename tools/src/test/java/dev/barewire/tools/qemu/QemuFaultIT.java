package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.NicState;
import dev.barewire.Packet;
import dev.barewire.SetupException;
import dev.barewire.driver.access.Devices;
import dev.barewire.driver.pci.PciConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** QEMU or this JVM dies, or hangs, while frames are moved. */
@Timeout(120)
class QemuFaultIT {
    private static final int STATUS = 0x8;

    private final QemuBench bench = QemuBench.open();

    @Test
    void shouldNameTheEndAndLoseNoBufferWhenQemuIsKilledInMidTraffic() {
        traffic(200);
        bench.device.process().destroyForcibly();
        traffic(200);

        QemuBench.until("the end", () -> !bench.device.fault().isEmpty());
        assertThat(bench.device.fault()).isEqualTo("QEMU was killed by signal 9");
        assertGone();
        closeLost();
    }

    @Test
    void shouldNameTheHangAndLoseNoBufferWhenQemuIsStopped() throws Exception {
        traffic(200);
        final ProcessHandle qemu = bench.device.process();
        assertThat(new ProcessBuilder("kill", "-STOP", String.valueOf(qemu.pid())).start().waitFor()).isZero();
        traffic(200);

        assertGone();
        assertThat(bench.device.fault()).isEqualTo("QEMU has not answered for 2000 ms");
        // What was given up is killed: if it went on, it would write to memory that is another's by then.
        qemu.onExit().get(30, TimeUnit.SECONDS);
        closeLost();
    }

    @Test
    void shouldWakeASleeperWhenQemuIsKilled() throws Exception {
        final CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            woken.complete(bench.nic.rx(0).await(-1));
            bench.nic.rx(0).handOver();
        });
        bench.device.process().destroyForcibly();

        assertThat(woken.get(30, TimeUnit.SECONDS)).isTrue();
        assertGone();
        closeLost();
    }

    @Test
    void shouldLeaveNoProcessAndNoFolderWhenTheCardIsClosed() {
        final ProcessHandle qemu = bench.device.process();
        final Path folder = folderOf(qemu);
        assertThat(folder).exists();

        bench.close();

        assertThat(qemu.isAlive()).isFalse();
        assertThat(folder).doesNotExist();
    }

    @Test
    void shouldLeaveNoProcessAndNoFolderWhenTheJvmIsKilled() throws Exception {
        bench.close();
        final Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
            System.getProperty("java.class.path"), Holder.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = jvm.inputReader()) {
            final ProcessHandle qemu = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            final Path folder = folderOf(qemu);
            assertThat(folder).exists();

            jvm.destroyForcibly();

            qemu.onExit().get(30, TimeUnit.SECONDS);
            QemuBench.until("the folder to go", () -> Files.notExists(folder));
        }
    }

    /** Sends and receives, as a loop does that knows of no fault. */
    private void traffic(final int frames) {
        final Packet[] burst = new Packet[32];
        for (int i = 0; i < frames; i++) {
            bench.device.wire().send(new UnsafeBuffer(QemuBench.frame(60, i)), 0, 60);
            final int received = bench.nic.rx(0).poll(burst);
            for (int k = bench.nic.tx(0).send(burst, received); k < received; k++) {
                burst[k].release();
            }
            bench.pollWire();
        }
    }

    private void assertGone() {
        assertThat(bench.device.bar(0).read(STATUS)).isEqualTo(-1);
        assertThat(bench.device.config().read(PciConfig.VENDOR_ID, Short.BYTES)).isEqualTo(0xffff);
        bench.device.bar(0).write(STATUS, 0);
        assertThat(bench.nic.link().up()).isFalse();
        assertThat(bench.nic.state()).isEqualTo(NicState.REMOVED);
        bench.device.link(true);
        assertThat(bench.nic.link().up()).isFalse();
    }

    private void closeLost() {
        bench.pool.close();
        try {
            bench.nic.close();
        } catch (final SetupException didNotStop) {
            // That a card which is gone does not stop may be said, when all else is closed.
            assertThat(didNotStop).hasNoSuppressedExceptions();
        }
        assertThat(bench.nic.buffersOutstanding()).isZero();
    }

    private static Path folderOf(final ProcessHandle qemu) {
        try (Stream<String> words = Stream.of(Files.readString(Path.of("/proc/" + qemu.pid() + "/cmdline")).split("\0"))) {
            return words.filter(word -> word.endsWith("/firmware")).map(Path::of).map(Path::getParent).findFirst().orElseThrow();
        } catch (final IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** Holds a card until it is killed. */
    static final class Holder {
        private Holder() {
        }

        public static void main(final String[] arguments) throws InterruptedException {
            try (QemuDevice device = (QemuDevice) Devices.open("qemu:e1000")) {
                System.out.println(device.process().pid());
                Thread.sleep(TimeUnit.MINUTES.toMillis(10));
            }
        }
    }
}

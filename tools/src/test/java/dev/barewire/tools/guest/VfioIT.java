package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way through VFIO, on cards of the guest behind its IOMMU. */
@Tag("guest")
@Timeout(600)
class VfioIT {
    private static final Card FIRST = card(5, "vfio-pci");
    private static final Card SECOND = card(6, "vfio-pci");
    private static final Card OF_THE_KERNEL = card(7, "e1000");
    private static final Card MESSAGES = new Card("e1000e", 8, "52:54:00:12:34:08", "user,restrict=on", "vfio-pci");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldReachRegistersInterruptsAndMemoryWhenTheCardIsBoundToVfio() {
        run("""
            probe registers vfio:%1$s
            probe interrupts vfio:%1$s
            probe fault vfio:%1$s
            probe memory vfio:%1$s vfio:%2$s
            """.formatted(FIRST.function(), SECOND.function()), true);

        final String once = """
            iommu-group: \\d+
            iommu: VFIO type 1 v2
            aperture: 0x0-0xfedfffff, 0xfef00000-0x[0-9a-f]+
            interrupt: INTX
            command: 0x6
            ids: 8086:100e
            bar 0: 131072 bytes, status & 1: 1
            bar 1: 64 bytes, reads 0
            SetupException: .* is open already in this process.*
              To mend it: .*
            files left open: 0
            reset: (true|false)
            IndexOutOfBoundsException: .* it is closed
            files left open: 0
            bus master after close: 0
            """;
        assertThat(text(out)).matches(once + once + """
            vfio files open: 0
            INTX vectors: 1
            quiet: true
            fired: 100, quiet behind it: 100
            kept: true
            masked: true
            still raised: true
            woken: true
            read 0xffffffff
            answers: 200000
            read 0xffffffff
            answers: 200000
            shared domain: true
            HUGE_PAGES -> HUGE_PAGES, 4194304 bytes
            ANONYMOUS -> ANONYMOUS, 4194304 bytes
            MEMFD -> MEMFD, 4194304 bytes
            lowest: 0x200000
            after one left: true
            done
            files left open: 0
            SetupException: .*EFAULT.*
              To mend it: .*
            files left open: 0
            vfio files open: 0
            """);
    }

    @Test
    void shouldFireEachVectorWhenTheCardHasMessages() {
        run("probe messages vfio:" + MESSAGES.function() + "\n", true);

        assertThat(text(out)).isEqualTo("""
            MSIX: true true true true true
            MSI: true
            INTX: true
            NONE:
            """);
    }

    @Test
    void shouldNameFindingReasonAndMendWhenACardCannotBeOpened() {
        run("""
            probe open vfio:0000:00:1f.7
            probe open vfio:%1$s
            exec 9<>/dev/vfio/$(basename "$(readlink /sys/bus/pci/devices/%2$s/iommu_group)")
            probe open vfio:%2$s
            exec 9>&-
            prlimit --memlock=8388608 setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock \
                "$JAVA" $PROBE allocate vfio:%2$s 16777216
            setpriv --reuid=65534 --regid=65534 --clear-groups "$JAVA" $PROBE open vfio:%2$s
            echo 0000:01:01.0 >/sys/bus/pci/devices/0000:01:01.0/driver/unbind
            echo vfio-pci >/sys/bus/pci/devices/0000:01:01.0/driver_override
            echo 0000:01:01.0 >/sys/bus/pci/drivers_probe
            probe open vfio:01:01.0
            """.formatted(OF_THE_KERNEL.function(), FIRST.function()), true);

        assertThat(text(out).lines().filter(line -> line.startsWith("files"))).containsOnly("files left open: 0")
            .hasSize(6);
        assertThat(text(out).lines().filter(line -> line.startsWith("SetupException"))).satisfiesExactly(
            line -> assertThat(line).contains("no PCI device at 0000:00:1f.7"),
            line -> assertThat(line).contains("0000:00:07.0 is bound to e1000 as ", "not to vfio-pci"),
            line -> assertThat(line).contains("is in use"),
            line -> assertThat(line).contains("RLIMIT_MEMLOCK, which is 8388608 bytes"),
            line -> assertThat(line).contains("may not read and write /dev/vfio/"),
            line -> assertThat(line).contains("is not viable", "0000:01:02.0 is bound to e1000"));
        assertThat(text(out).lines().filter(line -> line.startsWith("  To mend it"))).satisfiesExactly(
            line -> assertThat(line).contains(FIRST.function() + " (8086:100e, driver vfio-pci)"),
            line -> assertThat(line).contains("echo vfio-pci > /sys/bus/pci/devices/0000:00:07.0/driver_override"),
            line -> assertThat(line).contains("fuser -v /dev/vfio/"),
            line -> assertThat(line).contains("ulimit -l unlimited"),
            line -> assertThat(line).contains("sudo chown "),
            line -> assertThat(line).contains("echo 0000:01:02.0 > /sys/bus/pci/drivers_probe"));
    }

    @Test
    void shouldNameTheKernelParameterWhenThereIsNoIommu() {
        run("probe open vfio:" + FIRST.function() + "\n", false);

        assertThat(text(out)).contains("is in no IOMMU group", "intel_iommu=on");
    }

    private void run(final String script, final boolean iommu) {
        final String java = System.getProperty("java.home") + "/bin/java";
        final String probe = "--enable-native-access=ALL-UNNAMED --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"
            + " -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path") + " " + VfioProbe.class.getName();
        final GuestConfig config = GuestConfig.command("sh", "-c", "probe() { \"$JAVA\" $PROBE \"$@\"; }\n" + script)
            .environment("JAVA", java).environment("PROBE", probe).stdout(out).stderr(err).hugePages(8).iommu(iommu)
            .timeLimit(Duration.ofMinutes(8));
        if (iommu) {
            // Behind a conventional bridge all functions are in one group.
            config.card(FIRST).card(SECOND).card(OF_THE_KERNEL).card(MESSAGES).qemu("-device",
                "pcie-pci-bridge,id=bridge", "-device", "e1000,bus=bridge,addr=1", "-device", "e1000,bus=bridge,addr=2");
        } else {
            config.card(card(5, ""));
        }
        final GuestResult result = Guest.run(config);
        assertThat(text(err)).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    private static Card card(final int slot, final String driver) {
        return new Card("e1000", slot, "52:54:00:12:34:%02x".formatted(slot), "user,restrict=on", driver);
    }

    private static String text(final ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}

package dev.barewire.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {
    @ParameterizedTest
    @CsvSource({"--mtu=10, 576 to 9000", "--mtu=many, many", "--offload=warp=software, tx-udp-checksum",
        "--offload=jumbo=perhaps, NAME=off", "--size=0, 1 to", "--pcap=/proc/none/x, cannot be written",
        "--device=vfio:0000:03:00.0, ./barewire info vfio:0000:03:00.0", "--device=qemu:warp, qemu:e1000",
        "--device=model:, model:82540EM", "--device=e1000, guest or one of", "--card=warp, e1000e"})
    void shouldRefuseABadOptionBeforeAnythingStarts(String option, String message) {
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err, true)).execute("demo", option);

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    }
}

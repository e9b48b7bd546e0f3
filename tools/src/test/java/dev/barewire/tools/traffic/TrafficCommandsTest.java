package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barewire.tools.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What people get wrong, and what they are told. */
class TrafficCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine barewire = Main.commandLine()
        .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @ParameterizedTest
    @ValueSource(strings = {"dump", "gen", "forward", "echo --ip 10.0.0.1"})
    void shouldAskForADeviceWhenThereIsNone(final String command) {
        assertThat(barewire.execute(command.split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains("Missing required parameter: 'DEVICE'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "gen", "forward", "echo --ip 10.0.0.1"})
    void shouldNameTheWaysToACardWhenTheDeviceIsNotKnown(final String command) {
        assertThat(barewire.execute((command + " pigeon:7").split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains("'pigeon:7'", "vfio:").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldAskForAnAddressWhenEchoHasNone() {
        assertThat(barewire.execute("echo", "model:82540EM")).isEqualTo(2);

        assertThat(err.toString()).contains("Missing required option: '--ip");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gen --rate 0 | --rate 0.0: give frames a second above 0",
        "gen --rate -5 | --rate -5.0: give frames a second above 0",
        "gen --size 20 | --size 20: a frame without FCS has 60 to 1514 bytes",
        "gen --size 1515 | --size 1515: a frame without FCS has 60 to 1514 bytes",
        "gen --size 64 --tcp | --size 64: a frame without FCS has 70 to 1514 bytes",
        "gen --size imix --mtu 600 | --size imix: a frame without FCS has 60 to 614 bytes",
        "gen --size big | give bytes of a frame without FCS, or imix",
        "gen --count 0 | --count 0: give 1 frame or more",
        "gen --burst 0 | --burst 0: give 1 to 256 frames",
        "gen --flows 65000 | --flows 65000: from source port 1024 on there are 1 to 64512",
        "gen --dst-port 65536 | --dst-port 65536: a port is from 0 to 65535",
        "gen --dst-ip 10.0.0.256 | --dst-ip 10.0.0.256 is no IPv4 address",
        "gen --dst-mac nobody | nobody",
        "gen --seconds 0 | --seconds 0.0: give a time above 0",
        "gen --queues 0 | --queues 0: a card is driven by 1 queue or more",
        "gen --offload tx-checksum | does not say what is wanted",
        "dump --snap 0 | --snap 0: give 1 to 262144 bytes",
        "dump --json | give --pcap FILE",
        "echo --ip 10.0.0 | --ip 10.0.0 is no IPv4 address",
        "echo --ip 10.0.0.1/33 | a network's length is from /0 to /32",
        "echo --ip 224.0.0.1 | no address that a station can have",
        "echo --ip 10.0.0.1 --ipv6 10.0.0.2 | no IPv6 address of a station",
        "echo --ip 10.0.0.1 --port 0 | --port 0: a port to echo at",
        "forward --count 0 | --count 0: give 1 frame or more"})
    void shouldSayWhatCanBeGivenWhenAValueIsWrong(final String command, final String message) {
        assertThat(barewire.execute((command + " model:82540EM").split(" "))).isEqualTo(2);

        assertThat(err.toString()).startsWith("barewire: ").contains(message).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldRefuseOneRealCardWhenForwardNamesItTwice() {
        assertThat(barewire.execute("forward", "vfio:0000:00:05.0", "vfio:0000:00:05.0")).isEqualTo(2);

        assertThat(err.toString()).contains("is named twice");
    }

    @Test
    void shouldSayWhatIsWrongWhenTheCaptureCannotBeWritten() {
        assertThat(barewire.execute("dump", "model:82540EM", "--pcap", "/nowhere/at/all.pcapng")).isEqualTo(2);

        assertThat(err.toString()).contains("the capture cannot be written", "To mend it: ").doesNotContain("\tat ");
    }

    @Test
    void shouldRefuseTcpWhenThePlanHasNoChecksums() {
        assertThat(barewire.execute("gen", "model:82540EM", "--tcp", "--offload", "tx-checksum=off")).isEqualTo(2);

        assertThat(err.toString()).contains("TCP frames need their checksums", "To mend it: ").doesNotContain("\tat ");
    }

    @Test
    void shouldSendAsManyAsAskedAndAccountForThem() {
        assertThat(barewire.execute("gen", "model:82540EM", "--count", "3000", "--size", "imix", "--json")).isZero();

        // A mix of 12 frames has 7 of 60 bytes, 4 of 590 and 1 of 1514.
        assertThat(out.toString().lines().toList().getLast())
            .contains("\"tx\": {\"frames\": 3000, \"bytes\": " + 250 * (7 * 60 + 4 * 590 + 1514))
            .contains("\"buffers_outstanding\": 0", "\"failures\": []");
    }

    @Test
    void shouldEndByItselfWhenTheTimeIsOver() {
        assertThat(barewire.execute("forward", "model:82540EM", "--seconds", "0.1", "--idle", "interrupt")).isZero();

        assertThat(out.toString()).contains("received     0 frames", "copied       nothing", "outstanding  0 buffers");
    }

    @Test
    void shouldEndAndSayWhyWhenTheCardIsRemoved() {
        assertThat(barewire.execute("gen", "model:82540EM?rules=off&hostile=lost:1000", "--json")).isOne();

        assertThat(err.toString()).contains("barewire: model:82540EM", " is lost: ", "pulled out").doesNotContain("\tat ");
        assertThat(out.toString()).contains("\"buffers_outstanding\": 0");
    }
}

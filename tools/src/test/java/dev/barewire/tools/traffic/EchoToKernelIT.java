package dev.barewire.tools.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barewire.tools.guest.Prerequisites;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Linux's own stack, in a network namespace, asks QEMU's card through a tap. */
@Timeout(90)
class EchoToKernelIT {
    private static final String NAME = "bw" + ProcessHandle.current().pid() % 1_000_000;

    private record Result(int exit, String text) {
    }

    @BeforeEach
    void plug() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "a tap and a network namespace need root");
        final Result added = run("ip", "netns", "add", NAME);
        assumeTrue(added.exit() == 0, "no network namespace can be made here: " + added.text());
        final Result tap = run("ip", "tuntap", "add", "dev", NAME, "mode", "tap");
        assumeTrue(tap.exit() == 0, "no tap can be made here: " + tap.text());
    }

    @AfterEach
    void unplug() throws Exception {
        StopSignals.stopAll();
        run("ip", "netns", "delete", NAME);
        run("ip", "link", "delete", NAME);
    }

    @Test
    void shouldAnswerTheKernelsPingAndAnOrdinarySocket() throws Exception {
        final String busybox = Prerequisites.ensureForTests(System.err::println).busybox().toString();
        final CommandInThread echo = new CommandInThread("echo", "qemu:e1000?wire=tap:" + NAME, "--ip", "10.77.0.2/24", "--ipv6",
            "fd77::2", "--idle", "interrupt");
        while (!run("ip", "-d", "link", "show", NAME).text().contains("LOWER_UP") && echo.isRunning()) {
            run("ip", "link", "set", NAME, "up");
            TimeUnit.MILLISECONDS.sleep(50);
        }
        succeed("ip", "link", "set", NAME, "netns", NAME);
        inside("ip", "addr", "add", "10.77.0.1/24", "dev", NAME);
        inside("ip", "-6", "addr", "add", "fd77::1/64", "dev", NAME, "nodad");
        inside("ip", "link", "set", NAME, "up");
        echo.awaitOutput("\\d+ s qemu:.*link up");

        assertThat(inside(busybox, "ping", "-c", "5", "-W", "3", "10.77.0.2")).contains("5 packets received");
        assertThat(inside(busybox, "ping", "-6", "-c", "2", "-s", "1001", "-W", "3", "fd77::2")).contains("2 packets received");
        for (final String address : List.of("10.77.0.2", "fd77::2")) {
            assertThat(inside(System.getProperty("java.home") + "/bin/java", "-cp", System.getProperty("java.class.path"),
                UdpQuestion.class.getName(), address, "to a socket")).contains("answer: to a socket\n");
        }

        assertThat(echo.stop()).containsPattern("pings +7\n").containsPattern("datagrams +2\n")
            .containsPattern("wrong_sums +0\n").contains("outstanding  0 buffers");
    }

    private static String inside(final String... command) throws Exception {
        final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", NAME));
        all.addAll(Arrays.asList(command));
        return succeed(all.toArray(String[]::new));
    }

    private static String succeed(final String... command) throws Exception {
        final Result result = run(command);
        assertThat(result.exit()).as("%s: %s", String.join(" ", command), result.text()).isZero();
        return result.text();
    }

    private static Result run(final String... command) throws Exception {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), text);
    }
}

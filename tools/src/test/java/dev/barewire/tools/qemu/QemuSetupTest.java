package dev.barewire.tools.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.SetupException;
import dev.barewire.driver.access.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when there is no card to be had. Programs here stand for QEMU. */
@Timeout(60)
class QemuSetupTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSayThatQemuIsTooOldWhenItDoesNotKnowItsOptions() throws IOException {
        final Path old = program("""
            [ "$1" = --version ] && { echo 'QEMU emulator version 7.2.17 (Debian 1:7.2+dfsg-7+deb12u12)'; exit 0; }
            echo 'qemu-system-x86_64: Parameter 'pit' is unexpected' >&2
            exit 1""");

        assertThatThrownBy(() -> Devices.open("qemu:e1000?qemu=" + old)).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("QEMU 7.2.17 is too old", "8.1", "./barewire setup");
    }

    @Test
    void shouldSayWhatQemuSaidWhenItEndsAtOnce() throws IOException {
        final Path broken = program("""
            [ "$1" = --version ] && { echo 'QEMU emulator version 10.0.2'; exit 0; }
            echo 'qemu-system-x86_64: no room' >&2
            exit 3""");

        assertThatThrownBy(() -> Devices.open("qemu:e1000?qemu=" + broken)).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("QEMU ended with exit code 3", "qemu-system-x86_64: no room");
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoSuchProgram() {
        assertThatThrownBy(() -> Devices.open("qemu:e1000?qemu=" + folder.resolve("none"))).isInstanceOf(SetupException.class)
            .hasMessageContainingAll(folder.resolve("none").toString(), "To mend it");
    }

    @Test
    void shouldLeaveNoFolderWhenOpeningFails() throws IOException {
        final Path broken = program("""
            for word; do case $word in */firmware) echo "${word%/firmware}" >"$(dirname "$0")/folder" ;; esac; done
            exit 3""");

        assertThatThrownBy(() -> Devices.open("qemu:e1000?qemu=" + broken)).isInstanceOf(SetupException.class);
        assertThat(Path.of(Files.readString(folder.resolve("folder")).strip())).doesNotExist();
    }

    @Test
    void shouldNameTheCardsWhenItIsNotOneOfThem() throws IOException {
        final Path broken = program("exit 1");

        assertThatThrownBy(() -> Devices.open("qemu:ne2k_pci?qemu=" + broken)).isInstanceOf(SetupException.class)
            .hasMessageContainingAll("ne2k_pci", "qemu:e1000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "qemu: | write a card's name",
        "qemu:e1000,mac=1 | write a card's name",
        "qemu:e1000?ram=3m | ram=4m to ram=2g",
        "qemu:e1000?ram=4g | ram=4m to ram=2g",
        "qemu:e1000?mac=52:54 | mac=52:54:00:12:34:56",
        "qemu:e1000?wire=hub | wire=unix:<socket>",
        "qemu:e1000?wire=tap: | wire=tap:<interface>",
        "qemu:e1000?wire=tap:longer-than-15-bytes | wire=tap:<interface>",
        "qemu:e1000?wire=unix: | wire=unix:<socket>",
        "qemu:e1000?wire=tcp:host:65536 | wire=tcp:<host>:<port>",
        "qemu:e1000?trace= | trace=<file>",
        "qemu:e1000?pcap= | pcap=<file>",
        "qemu:e1000?wire=tcp:host | wire=tcp:<host>:<port>",
        "qemu:e1000?interrupts=smoke | interrupts=msix",
        "qemu:e1000?speed=9 | interrupts, mac, pcap, qemu, ram, trace, wire",
    })
    void shouldSayHowToWriteItWhenTheNameIsWrong(final String name, final String mend) {
        assertThatThrownBy(() -> Devices.open(name)).isInstanceOf(SetupException.class).hasMessageContaining(mend);
    }

    private Path program(final String script) throws IOException {
        final Path program = Files.writeString(folder.resolve("qemu"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void shouldFindTheVersionWhenQemuPrintsIt() {
        assertThat(Version.in("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright 2003-2025"))
                .contains(Version.of(10, 0, 2));
        assertThat(Version.in("no number")).isEmpty();
    }

    @Test
    void shouldCompareNumbersAndNotDigitsWhenTheyDifferInLength() {
        assertThat(Version.of(10, 0)).isGreaterThan(Version.of(8, 1));
        assertThat(Version.of(7, 2, 9)).isLessThan(Version.of(8, 1));
        assertThat(Version.of(8, 1, 0)).isGreaterThan(Version.of(8, 1));
        assertThat(Version.in("6.1.0-56-amd64").orElseThrow()).isGreaterThan(Version.in("6.1.0-9-amd64").orElseThrow());
    }
}

package dev.barewire.tools.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AptSourceTest {
    private static final AptSource RELEASE = new AptSource(List.of("http://mirror.example.org/debian"),
            List.of("bookworm", "bookworm-updates"), List.of("main"), "/usr/share/keyrings/debian.gpg");

    @Test
    void shouldReadOneLineEntriesWhenCommentsSourcesAndOptionsStandBetween() {
        List<AptSource> sources = AptSource.parseList("""
                # deb http://commented.example/debian bookworm main
                deb http://ftp.example/debian/ bookworm main contrib # why not
                deb-src http://ftp.example/debian/ bookworm main
                deb [arch=amd64 signed-by=/etc/apt/keyrings/x.gpg] https://x.example/apt stable main

                """);

        assertThat(sources).containsExactly(
                new AptSource(List.of("http://ftp.example/debian/"), List.of("bookworm"), List.of("main", "contrib"), ""),
                new AptSource(List.of("https://x.example/apt"), List.of("stable"), List.of("main"),
                        "/etc/apt/keyrings/x.gpg"));
    }

    @Test
    void shouldReadStanzasWhenSomeAreDisabledOrForSourcesOnly() {
        List<AptSource> sources = AptSource.parseDeb822("""
                # A comment before
                Types: deb deb-src
                # and a comment within
                URIs: http://mirror.example.org/debian
                Suites: bookworm bookworm-updates
                Components: main
                Signed-By: /usr/share/keyrings/debian.gpg

                Types: deb
                URIs: http://disabled.example/debian
                Suites: bookworm
                Enabled: no

                Types: deb-src
                URIs: http://sources.example/debian
                Suites: bookworm
                """);

        assertThat(sources).containsExactly(RELEASE);
    }

    @Test
    void shouldKeepAnEmbeddedKeyWhenItSpansLines() {
        List<AptSource> sources = AptSource.parseDeb822("""
                Types: deb
                URIs: http://mirror.example/debian
                Suites: trixie
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 -----END PGP PUBLIC KEY BLOCK-----
                """);

        assertThat(sources.getFirst().stanza()).endsWith("""
                Signed-By:\s
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 -----END PGP PUBLIC KEY BLOCK-----
                """);
    }

    @Test
    void shouldAddBackportsOfTheMachinesOwnMirrorAndLeaveOtherVendorsOutWhenNarrowed() {
        AptSource security = new AptSource(List.of("http://mirror.example.org/debian-security"), List.of("bookworm-security"),
                List.of("main"), "");
        AptSource vendor = new AptSource(List.of("https://apt.vendor.example"), List.of("bookworm"), List.of("main"), "");
        AptSource otherVendor = new AptSource(List.of("https://x.example/debian"), List.of("bookworm"), List.of("stable"),
                "");

        List<AptSource> narrowed = AptSource.debian(List.of(vendor, otherVendor, RELEASE, security), "bookworm");

        assertThat(narrowed).containsExactly(RELEASE, security, new AptSource(RELEASE.uris(),
                List.of("bookworm-backports"), List.of("main"), RELEASE.signedBy()));
    }

    @Test
    void shouldFindNothingWhenNoMirrorHasTheRelease() {
        assertThat(AptSource.debian(List.of(RELEASE), "trixie")).isEmpty();
    }
}

package dev.barewire.tools.qemu;

import dev.barewire.SetupException;
import dev.barewire.tools.guest.GuestException;
import dev.barewire.tools.guest.Prerequisites;
import dev.barewire.tools.guest.Programs;
import dev.barewire.tools.guest.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The emulator: where it is, and whether it is new enough. */
final class QemuProgram {
    private static final String MEND = "./barewire setup, or: sudo apt-get install qemu-system-x86 (on Debian 12 with"
        + " -t bookworm-backports)";

    private QemuProgram() {
    }

    /**
     * Finds it.
     *
     * @throws SetupException if there is none
     */
    static Path find(final QemuOptions options) {
        if (!options.qemu().isEmpty()) {
            return Path.of(options.qemu());
        }
        return Programs.find(Prerequisites.QEMU).orElseThrow(() -> new SetupException(
            options.name() + " needs QEMU " + Prerequisites.OLDEST_QEMU + " or newer, and there is no " + Prerequisites.QEMU
                + " on the search path", MEND));
    }

    /**
     * Judges a version.
     *
     * @throws SetupException if it is too old
     */
    static void check(final Version version) {
        if (version.compareTo(Prerequisites.OLDEST_QEMU) < 0) {
            throw new SetupException("QEMU " + version + " is too old: " + Prerequisites.OLDEST_QEMU
                + " is the first whose cards are whole", MEND);
        }
    }

    /**
     * Asks one for its version that ended before it told by itself.
     *
     * @throws SetupException if it is too old
     */
    static void check(final Path program) {
        try {
            final String said = new String(Programs.output(program.toString(), "--version"), StandardCharsets.UTF_8);
            final Optional<Version> version = Version.in(said);
            version.ifPresent(QemuProgram::check);
        } catch (final GuestException silent) {
            // It does not even tell its version: why it ended says more.
        }
    }
}

package dev.barewire.tools.qemu;

import dev.barewire.SetupException;
import dev.barewire.driver.access.AccessProvider;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Profiles;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Opens {@code qemu:<card>}: a card of QEMU's, by QEMU's name or by its profile's. Options behind a question mark:
 *
 * <ul>
 * <li>{@code mac=52:54:00:12:34:56}: the card's address; each card of a process has one of its own otherwise
 * <li>{@code ram=256m}: QEMU's RAM, in which all that the card reaches must have room
 * <li>{@code wire=}: what it is plugged into: {@code unix:<socket>} or {@code tcp:<host>:<port>}, QEMU's stream to who listens
 *     there; {@code tap:<interface>}, which takes root; {@code netdev:<QEMU's words>}; several joined by {@code +}. The
 *     cable's far end is in this process otherwise ({@link dev.barewire.testkit.wire.Wired})
 * <li>{@code pcap=<file>}: the traffic as QEMU sees it
 * <li>{@code trace=<file>}: what QEMU's model of the card traces
 * <li>{@code interrupts=msix}, {@code intx} or {@code none}: how it interrupts; by MSI-X if it can otherwise
 * <li>properties of QEMU's virtio-net, as QEMU names them: {@code packed=on}, {@code in_order=on}, {@code mq=on} and others
 * <li>{@code qemu=<program>}: another QEMU than the search path's
 * </ul>
 */
public final class QemuAccessProvider implements AccessProvider {
    /** Made by the service loader. */
    public QemuAccessProvider() {
    }

    @Override
    public String scheme() {
        return QemuOptions.SCHEME;
    }

    @Override
    public DeviceAccess open(final String address) {
        final QemuOptions options = QemuOptions.parse(address);
        // QEMU comes up while profiles are read. Its own names are in small letters, so most often this is one of them.
        final String guess = options.card();
        return new QemuDevice(options, guess.equals(guess.toLowerCase(Locale.ROOT)) ? guess : qemuName(options));
    }

    /**
     * Judges the card that QEMU was started with.
     *
     * @throws SetupException if it is not the one that was meant
     */
    static void confirm(final QemuOptions options, final String card) {
        if (!qemuName(options).equals(card)) {
            throw new SetupException(options.name() + " is the card that QEMU calls " + qemuName(options),
                "write " + QemuOptions.SCHEME + ":" + qemuName(options));
        }
    }

    private static String qemuName(final QemuOptions options) {
        final Profiles profiles = Profiles.builtIn();
        return profiles.byName(options.card()).map(CardProfile::qemuDevice).filter(name -> !name.isEmpty())
            .orElseThrow(() -> new SetupException(
                options.name() + ": there is no card '" + options.card() + "' that QEMU has and Barewire drives",
                "choose one of: " + profiles.all().stream().map(CardProfile::qemuDevice).filter(name -> !name.isEmpty())
                    .map(name -> QemuOptions.SCHEME + ":" + name).collect(Collectors.joining(", "))));
    }
}

package dev.barewire.tools.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a QEMU with one card and no guest. */
final class QemuArguments {
    /** The card's id, by which its link is set. */
    static final String CARD = "card";
    /** Where the card is on PCI bus 0. */
    static final int SLOT = 2;
    private static final String NETDEV = "wire";

    private final List<String> words = new ArrayList<>();

    private QemuArguments() {
    }

    /**
     * Puts the command line together.
     *
     * @param qemu    the program
     * @param card    the card by QEMU's name
     * @param options what is wanted
     * @param folder  the run's own: the sockets and the firmware are in it
     * @return the program and its arguments
     */
    static List<String> of(final Path qemu, final String card, final QemuOptions options, final QemuFolder folder) {
        final QemuArguments arguments = new QemuArguments();
        arguments.add(qemu.toString(), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot");
        // The processor halts, and virtual time runs ahead to the next timer while it does: a card's delays cost nothing.
        arguments.add("-accel", "tcg", "-icount", "shift=0,sleep=off", "-bios", folder.firmware().toString());
        arguments.add("-machine", "q35,memory-backend=ram,pit=off,hpet=off,sata=off,smbus=off,usb=off");
        arguments.add("-m", options.ram() + "B");
        arguments.add("-object", "memory-backend-memfd,id=ram,share=on,size=" + options.ram());
        arguments.add("-qtest", "unix:" + escaped(folder.qtest().toString()), "-qtest-log", "none");
        arguments.add("-qmp", "unix:" + escaped(folder.monitor().toString()));
        arguments.cable(options.netdevs(folder.wire()));
        arguments.add("-device", card + ",id=" + CARD + ",netdev=" + NETDEV + ",mac=" + options.mac()
            + ",bus=pcie.0,addr=" + Integer.toHexString(SLOT)
            + options.properties());
        if (!options.pcap().isEmpty()) {
            arguments.add("-object", "filter-dump,id=pcap,netdev=" + NETDEV + ",file=" + escaped(options.pcap()));
        }
        if (!options.trace().isEmpty()) {
            arguments.trace(card, options.trace());
        }
        return arguments.words;
    }

    /** Plugs the card in: into the one place, or into a hub with all of them. */
    private void cable(final List<String> netdevs) {
        if (netdevs.size() == 1) {
            add("-netdev", netdevs.getFirst() + ",id=" + NETDEV);
            return;
        }
        add("-netdev", "hubport,hubid=0,id=" + NETDEV);
        for (int i = 0; i < netdevs.size(); i++) {
            add("-netdev", netdevs.get(i) + ",id=wire" + i);
            add("-netdev", "hubport,hubid=0,id=hub" + i + ",netdev=wire" + i);
        }
    }

    /** The events of the card's model, and of the code that it shares with its like. */
    private void trace(final String card, final String file) {
        add("-D", file);
        for (final String events : List.of(card.split("-")[0] + "*", "e1000x*")) {
            add("-trace", events);
        }
    }

    /** A value of one of QEMU's option lists. */
    static String escaped(final String value) {
        return value.replace(",", ",,");
    }

    private void add(final String... more) {
        words.addAll(List.of(more));
    }
}

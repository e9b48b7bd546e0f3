package dev.barewire.tools.qemu;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.InterruptSource.Kind;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.access.Undo;
import dev.barewire.driver.pci.PciCapability;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.profiles.Profiles;
import dev.barewire.testkit.wire.SocketWire;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A card of a QEMU that has no guest. The QEMU is this card's alone, and is killed when the card is closed, or lost. What was
 * set up is undone in reverse order, whether opening ended or not.
 */
final class QemuDevice implements DeviceAccess, Wired {
    /** Where QEMU's chipset is told to show configuration space: PCIEXBAR of the q35's host bridge, in 256 MiB. */
    private static final long ECAM = 0xb0000000L;
    private static final String[] SHOW_ECAM = {"outl 0xcf8 0x80000060", "outl 0xcfc 0xb0000001"};
    private static final int FUNCTION_BYTES = 4096;
    private static final int SLOT_SHIFT = 15;
    private static final int NO_FUNCTION = 0xffff;
    private static final int COMMAND_IO = 1;
    /** What a process that has hung up may take to be gone. */
    private static final int END_MILLIS = 1000;

    private final QemuOptions options;
    private final String card;
    private final Undo undo = new Undo();
    private final QemuLine line = new QemuLine();
    private final QemuProcess process;
    private final QtestSocket socket;
    private final QemuMonitor monitor;
    private final Wire wire;
    private final QemuRam ram;
    private final PciConfig config;
    private final PciBars bars;
    private final InterruptSource interrupts;
    /** Null if the card has no MSI-X, or is not to use it. */
    private QemuMessages messages;
    private boolean open = true;

    /**
     * Starts QEMU and makes its card ready.
     *
     * @param options what is wanted
     * @param card    the card by QEMU's name, perhaps
     */
    QemuDevice(final QemuOptions options, final String card) {
        this.options = options;
        this.card = card;
        undo.push(line);
        // QEMU comes up while this JVM loads what it needs to speak to it: nothing is done before that can be done after.
        try (QemuFolder folder = new QemuFolder()) {
            process = new QemuProcess(QemuArguments.of(QemuProgram.find(options), card, options, folder), folder.path());
            undo.push(process);
            Profiles.prefetch();
            socket = new QtestSocket(process.accept(folder.qtestServer()), new Loss());
            undo.push(socket);
            process.onEnd(this::ended);
            line.attach(socket);
            socket.command("irq_intercept_in ioapic");
            monitor = new QemuMonitor(process.accept(folder.monitorServer()));
            undo.push(monitor);
            QemuProgram.check(monitor.version());
            wire = options.wiredHere() ? SocketWire.over(process.accept(folder.wireServer())) : null;
            if (wire != null) {
                undo.push(wire);
            }
            ram = new QemuRam(process.ram(), options.ram());
            undo.push(ram);
            config = showConfig();
            bars = new PciBars(config);
            config.write(PciConfig.COMMAND, Short.BYTES, COMMAND_IO | PciConfig.COMMAND_MEMORY);
            interrupts = chooseInterrupts();
            if (!fault().isEmpty()) {
                throw new SetupException(name() + ": " + fault(), "open it again");
            }
            QemuAccessProvider.confirm(options, card);
        } catch (final IOException refused) {
            undo.all(refused);
            throw new SetupException(name() + " cannot be opened: " + refused.getMessage(),
                "look whether the folder for temporary files can be written and this user may start programs", refused);
        } catch (final RuntimeException refused) {
            undo.all(refused);
            QemuAccessProvider.confirm(options, card);
            throw refused;
        }
    }

    private PciConfig showConfig() {
        for (final String command : SHOW_ECAM) {
            socket.command(command);
        }
        final PciConfig function = new QemuMemory(socket, ECAM + (QemuArguments.SLOT << SLOT_SHIFT), FUNCTION_BYTES);
        if (function.read(PciConfig.VENDOR_ID, Short.BYTES) == NO_FUNCTION) {
            throw new SetupException(name() + ": QEMU shows no card in its slot" + process.said(), "open it again");
        }
        return function;
    }

    /** The kind that is wanted, or else messages if the card has them. A card that may send messages raises its line no more. */
    private InterruptSource chooseInterrupts() {
        final PciCapability.MsixTable table = PciCapability.msixTable(config);
        return switch (options.interrupts()) {
            case NONE -> new NoInterrupts();
            case INTX -> line;
            case MSI -> throw cannot(Kind.MSI, "msix or intx");
            case MSIX -> {
                if (table == null) {
                    throw cannot(Kind.MSIX, "intx");
                }
                yield makeMessages(table);
            }
            case null -> table == null ? line : makeMessages(table);
        };
    }

    private SetupException cannot(final Kind kind, final String others) {
        return new SetupException(name() + " cannot interrupt by " + kind, "write interrupts=" + others + ", or none of them");
    }

    private QemuMessages makeMessages(final PciCapability.MsixTable table) {
        messages = new QemuMessages(table, bar(table.bar()), config, ram, socket);
        undo.push(messages);
        return messages;
    }

    /** Carries interrupt lines on, and sees to it that the card of a QEMU that is lost writes to memory no more. */
    private final class Loss implements QtestSocket.Listener {
        @Override
        public void onLine(final int number, final boolean raised) {
            line.onLine(number, raised);
        }

        @Override
        public void onLost() {
            process.kill();
            line.onLost();
            if (messages != null) {
                messages.onLost();
            }
        }
    }

    /** Runs on the thread that hears QEMU end. */
    private void ended() {
        socket.lose(QtestSocket.HUNG_UP);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public PciConfig config() {
        return config;
    }

    @Override
    public Registers bar(final int index) {
        if (bars.size(index) == 0) {
            throw new IllegalArgumentException(name() + " has no BAR " + index + " of memory");
        }
        return new QemuMemory(socket, bars.address(index), (int) bars.size(index));
    }

    /** The RAM of its QEMU. */
    QemuRam ram() {
        return ram;
    }

    @Override
    public DmaDomain domain() {
        return ram;
    }

    @Override
    public InterruptSource interrupts() {
        return interrupts;
    }

    /** A card's own reset does as well, in a QEMU that was started for it. */
    @Override
    public boolean reset() {
        return false;
    }

    @Override
    public Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("qemu", monitor.version() + ", process " + process.pid());
        facts.put("qemu-card", card);
        facts.put("ram", (options.ram() >> 20) + " MiB in a memory file, no IOMMU");
        facts.put("wire", options.wiredHere() ? "in this process" : options.wire());
        facts.put("interrupt", interrupts.kind().toString());
        return facts;
    }

    @Override
    public String fault() {
        final String lost = socket.fault();
        if (lost.isEmpty()) {
            return "";
        }
        // What hangs was killed for it; what hung up has ended, and its end tells more.
        final String end = lost.startsWith(QtestSocket.HUNG_UP) ? process.end(END_MILLIS) : "";
        return (end.isEmpty() ? lost : end) + process.said();
    }

    @Override
    public Wire wire() {
        if (wire == null) {
            throw new IllegalStateException(name() + " is plugged in elsewhere: open it without wire= to hold its cable");
        }
        return wire;
    }

    /** Does nothing to a card that is lost: its link is down. */
    @Override
    public void link(final boolean up) {
        try {
            monitor.link(QemuArguments.CARD, up);
        } catch (final IOException silent) {
            socket.lose(silent.getMessage());
        }
    }

    /** Its QEMU, for a test that does it harm. */
    ProcessHandle process() {
        return ProcessHandle.of(process.pid()).orElseThrow();
    }

    /** Kills QEMU, and frees the memory that its card reached. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            undo.all(name());
        }
    }
}

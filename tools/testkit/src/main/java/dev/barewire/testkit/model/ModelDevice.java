package dev.barewire.testkit.model;

import dev.barewire.SetupException;
import dev.barewire.dma.IommuDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.PciId;
import dev.barewire.profiles.Profiles;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * A card that exists only in this JVM, driven through registers, rings and DMA addresses like a real one, and living on a
 * thread of its own. What it does is its {@link CardModel}'s; what is around it is here: bus, IOMMU, interrupt line, cable.
 *
 * <p>One lock is held by the card's thread while it works and by whoever touches a register other than a doorbell. Whoever
 * takes memory away from the card waits for it too, so that no access is under way when the memory goes.
 */
public final class ModelDevice implements DeviceAccess, Wired {
    private static final PciId QEMU_SUBSYSTEM = new PciId(0x1af4, 0x1100);

    private final String name;
    private final CardProfile profile;
    private final ModelOptions options;
    private final Hostilities hostilities;
    private final CardLock lock = new CardLock();
    private final ModelDomain domain;
    private final ModelConfigSpace config;
    private final ModelInterrupts interrupts;
    private final ModelWires.Plug plug;
    private final CardObserver observer;
    private final Window window;
    private final CardModel card;
    private final IntSupplier work = this::work;
    private final List<CardMemory> memories = new ArrayList<>();
    private boolean memorySpace;
    private boolean busMaster;
    private boolean messages;
    private boolean open = true;
    private volatile boolean linked = true;
    private volatile String fault = "";

    private ModelDevice(final String address, final CardProfile profile, final CardModelProvider family,
        final ModelOptions options, final ModelWires.Plug plug) {
        this.plug = plug;
        this.name = ModelAccessProvider.SCHEME + ":" + address;
        this.profile = profile;
        this.options = options;
        hostilities = Hostilities.parse(options.hostile(), options.seed());
        final PciIdentity identity = family.identity(profile);
        interrupts = new ModelInterrupts(vectors(options, identity));
        domain = ModelDomain.join(lock);
        config = new ModelConfigSpace(options.qemu() ? qemus(profile, identity) : identity, this::busChanged);
        observer = options.strict() ? observer(profile) : null;
        window = new Window(identity.barBytes());
        card = family.create(profile, new CardSlot(this, options, plug.near(), observer, () -> busMaster));
        plug.thread().add(work);
    }

    /**
     * Opens a model.
     *
     * @param address a card's name, as its profile or QEMU has it, and options behind it: {@code mac=}, its address;
     *                {@code seed=}, what its delays are drawn from; {@code rules=strict}, or {@code off} for a card that
     *                only shall be fast; {@code hostile=}, what it shall do wrong; {@code wire=}, where its cable leads:
     *                {@code unix:<path>} or {@code tcp:<host>:<port>} to a socket that speaks as QEMU's
     *                {@code -netdev stream}, {@code cable:<name>} to the other card that names it, otherwise to
     *                {@link #wire()}; {@code interrupts=intx} where messages are not wanted; {@code as=qemu}, to be told
     *                as QEMU's. Such as
     *                {@code 82540EM?mac=52:54:00:00:00:01&wire=cable:one}
     * @return the card, powered on
     * @throws SetupException if there is no such model or option, or nobody at the cable's other end
     */
    public static ModelDevice open(final String address) {
        final ModelOptions options = ModelOptions.parse(address);
        Profiles.prefetch();
        final ModelWires.Plug plug = ModelWires.plug(ModelAccessProvider.SCHEME + ":" + address, options.wire());
        try {
            return open(address, options, plug);
        } catch (final RuntimeException refused) {
            ModelWires.unplug(plug);
            throw refused;
        }
    }

    private static ModelDevice open(final String address, final ModelOptions options, final ModelWires.Plug plug) {
        final List<CardModelProvider> families = ServiceLoader.load(CardModelProvider.class).stream()
            .map(ServiceLoader.Provider::get).toList();
        final CardProfile profile = Profiles.builtIn().byName(options.card()).orElse(null);
        return families.stream().filter(family -> profile != null && family.family().equals(profile.family())).findFirst()
            .map(family -> new ModelDevice(address, profile, family, options, plug))
            .orElseThrow(() -> unknown(options.card(), families));
    }

    private static SetupException unknown(final String card, final List<CardModelProvider> families) {
        final String known = Profiles.builtIn().all().stream()
            .filter(profile -> families.stream().anyMatch(family -> family.family().equals(profile.family())))
            .map(profile -> profile.name() + (profile.qemuDevice().isEmpty() ? "" : " (or " + profile.qemuDevice() + ")"))
            .collect(Collectors.joining(", "));
        return new SetupException("there is no model of a card '" + card + "'", "name one of: " + known);
    }

    private static int vectors(final ModelOptions options, final PciIdentity identity) {
        final InterruptSource.Kind best = identity.vectors() > 0 ? InterruptSource.Kind.MSIX : InterruptSource.Kind.INTX;
        final InterruptSource.Kind wanted = options.interrupts() == null ? best : options.interrupts();
        if (wanted != best && wanted != InterruptSource.Kind.INTX) {
            throw new SetupException("the model of the " + options.card() + " cannot interrupt by " + wanted,
                "write interrupts=" + best.name().toLowerCase(Locale.ROOT) + ", or leave it away");
        }
        return wanted == InterruptSource.Kind.MSIX ? identity.vectors() : 0;
    }

    /** Its looks at memory are not the card's, whose faults are counted. */
    private CardObserver observer(final CardProfile profile) {
        return ServiceLoader.load(ObserverProvider.class).stream()
            .map(provider -> provider.get().observe(profile, purpose -> new CardMemory(domain, purpose)))
            .filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** QEMU's own subsystem ids (its docs/specs/pci-ids), but where the card's profile knows others. */
    private static PciIdentity qemus(final CardProfile profile, final PciIdentity silicon) {
        final PciId subsystem = profile.qemuSubsystem().orElse(QEMU_SUBSYSTEM);
        return new PciIdentity(silicon.vendor(), silicon.device(), silicon.revision(), subsystem.vendor(), subsystem.device(), silicon.barBytes(),
            silicon.vectors());
    }

    private int work() {
        lock.lock();
        try {
            return open && fault.isEmpty() ? card.work() : 0;
        } catch (final RuntimeException | Error broken) {
            // A model that breaks must say so, and not take the thread of the card at the other end along.
            fault = "the model itself is broken: " + broken;
            System.getLogger(ModelDevice.class.getName()).log(System.Logger.Level.ERROR, name + ": " + fault, broken);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void busChanged() {
        lock.lock();
        try {
            memorySpace = config.has(PciConfig.COMMAND_MEMORY);
            busMaster = config.has(PciConfig.COMMAND_BUS_MASTER);
            messages = config.messages();
            interrupts.enable(!config.has(PciConfig.COMMAND_INTX_DISABLE));
            card.busChanged();
        } finally {
            lock.unlock();
        }
        plug.thread().signal();
    }

    CardMemory memory(final String purpose) {
        final CardMemory memory = new CardMemory(domain, purpose);
        memories.add(memory);
        return memory;
    }

    void interruptLine(final boolean up) {
        interrupts.line(up);
    }

    void message(final int vector) {
        interrupts.message(vector);
    }

    boolean messages() {
        return messages;
    }

    boolean linked() {
        return linked;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PciConfig config() {
        return new ObservedConfig();
    }

    @Override
    public Registers bar(final int index) {
        checkOpen();
        if (index != 0) {
            throw new IllegalArgumentException(name + " has no BAR " + index);
        }
        return window;
    }

    @Override
    public IommuDomain domain() {
        return domain.domain();
    }

    @Override
    public InterruptSource interrupts() {
        checkOpen();
        if (interrupts.kind() == InterruptSource.Kind.MSIX && !messages) {
            config.enableMessages();
        }
        return interrupts;
    }

    /** The card comes up as from power-on: nothing that was written to it survives. */
    @Override
    public boolean reset() {
        checkOpen();
        lock.lock();
        try {
            card.reset();
        } finally {
            lock.unlock();
        }
        final boolean hadMessages = messages;
        config.reset();
        if (hadMessages) {
            config.enableMessages();
        }
        return true;
    }

    @Override
    public Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", profile.name() + (options.qemu() ? ", as QEMU's" : ", as silicon"));
        facts.put("rules", options.strict() ? "strict" : "off");
        facts.put("seed", String.valueOf(options.seed()));
        facts.put("wire", options.wire().isEmpty() ? "held by this process" : options.wire());
        facts.put("interrupt", interrupts.kind().toString());
        facts.put("dma-faults", dmaFaults().entrySet().stream().filter(fault -> fault.getValue() > 0)
            .map(fault -> fault.getValue() + " " + fault.getKey()).collect(Collectors.joining(", ")));
        return facts;
    }

    /**
     * How often the IOMMU refused the card an access.
     *
     * @return what the access was for, such as {@code transmit-buffer}, to the count since the card was opened
     */
    public Map<String, Long> dmaFaults() {
        final Map<String, Long> faults = new LinkedHashMap<>();
        lock.lock();
        try {
            memories.forEach(memory -> faults.merge(memory.purpose(), memory.faults(), Long::sum));
        } finally {
            lock.unlock();
        }
        return faults;
    }

    /**
     * Who watches the driver.
     *
     * @return the observer, or null with {@code rules=off}
     */
    public CardObserver observer() {
        return observer;
    }

    /**
     * What the card does wrong.
     *
     * @return its hostilities; null without {@code hostile=}
     */
    public Hostilities hostilities() {
        return hostilities;
    }

    @Override
    public String fault() {
        if (hostilities != null && hostilities.lost()) {
            return "the model was pulled out, as hostile=lost asks";
        }
        return fault.isEmpty() ? plug.fault() : fault;
    }

    @Override
    public Wire wire() {
        if (plug.far() == null) {
            throw new IllegalStateException("the cable of " + name + " leads to " + options.wire());
        }
        return plug.far();
    }

    @Override
    public void link(final boolean up) {
        lock.lock();
        try {
            linked = up;
            card.link(up);
        } finally {
            lock.unlock();
        }
        plug.thread().signal();
    }

    /** Ends the card's thread, or its part of it, and cuts the cable. Closing twice does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!open) {
                return;
            }
            open = false;
        } finally {
            lock.unlock();
        }
        plug.thread().remove(work);
        ModelWires.unplug(plug);
        interrupts.close();
        domain.leave(lock);
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    /** BAR 0. What the driver does is told to the observer one thing at a time, in the order in which it is done. */
    private final class Window implements Registers {
        private final int bytes;

        Window(final int bytes) {
            this.bytes = bytes;
        }

        @Override
        public int size() {
            return bytes;
        }

        @Override
        public int read(final int offset) {
            if (observer == null) {
                return answer(offset);
            }
            synchronized (this) {
                final int value = answer(offset);
                observer.onRead(offset, value);
                return value;
            }
        }

        @Override
        public void write(final int offset, final int value) {
            if (observer == null) {
                act(offset, value);
                return;
            }
            synchronized (this) {
                observer.onWrite(offset, value);
                act(offset, value);
            }
        }

        /** Only whole registers, which is all that the cards have that there are models of. */
        @Override
        public int read(final int offset, final int width) {
            checkWidth(width);
            return read(offset);
        }

        @Override
        public void write(final int offset, final int width, final int value) {
            checkWidth(width);
            write(offset, value);
        }

        private void checkWidth(final int width) {
            if (width != Integer.BYTES) {
                throw new IllegalArgumentException("BAR 0 of " + name + " has registers of 32 bits, not of " + 8 * width);
            }
        }

        private int answer(final int offset) {
            check(offset);
            lock.lock();
            try {
                return memorySpace ? card.read(offset) : -1;
            } finally {
                lock.unlock();
            }
        }

        private void act(final int offset, final int value) {
            check(offset);
            if (!memorySpace) {
                return;
            }
            if (!card.doorbell(offset, value)) {
                lock.lock();
                try {
                    card.write(offset, value);
                } finally {
                    lock.unlock();
                }
            }
            plug.thread().signal();
        }

        private void check(final int offset) {
            if (offset < 0 || offset > bytes - Integer.BYTES || offset % Integer.BYTES != 0) {
                throw new IndexOutOfBoundsException("BAR 0 of " + name + " has no register at " + offset);
            }
            checkOpen();
        }
    }

    private final class ObservedConfig implements PciConfig {
        @Override
        public int read(final int offset, final int width) {
            return config.read(offset, width);
        }

        @Override
        public void write(final int offset, final int width, final int value) {
            if (observer != null) {
                synchronized (window) {
                    observer.onConfigWrite(offset, width, value);
                }
            }
            config.write(offset, width, value);
        }
    }
}

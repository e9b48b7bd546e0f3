package dev.barewire.driver.uio;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Libc;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.FileWindow;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.MappedRegisters;
import dev.barewire.driver.access.NoInterrupts;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.access.Undo;
import dev.barewire.driver.pci.PciBus;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.driver.pci.PciDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A card that is open through UIO. What was set up is undone in reverse order, whether opening ended or not. */
final class UioAccess implements DeviceAccess {
    private static final System.Logger LOG = System.getLogger(UioAccess.class.getName());
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final PciDevice device;
    private final Path folder;
    private final Undo undo = new Undo();
    private final int configFile;
    private final FileWindow config;
    private final UioDomain domain;
    private final Path uio;
    private final int uioFile;
    private final InterruptSource.Kind kind;
    private final Registers[] bars;
    private InterruptSource interrupts;
    private boolean open = true;

    /**
     * Opens a card.
     *
     * @param bus    where it is
     * @param device the card, ready
     * @param wanted how it shall interrupt, or null for the best that it can
     */
    UioAccess(final PciBus bus, final PciDevice device, final InterruptSource.Kind wanted) {
        this.device = device;
        folder = bus.file(UioReadiness.folder(device));
        bars = new Registers[device.resourceSizes().size()];
        try {
            kind = choose(wanted);
            configFile = Posix.open(folder.resolve("config").toString(), Posix.O_RDWR);
            undo.push(this::closeConfig);
            lock();
            config = new FileWindow("configuration space", this::configFile, 0, Files.size(folder.resolve("config")));
            domain = UioDomain.join();
            undo.push(UioDomain::leave);
            uio = bus.file("dev/uio" + new UioReadiness(bus).number(device).orElseThrow());
            uioFile = file(uio);
            undo.push(() -> config.busMaster(false));
        } catch (final SystemCallException | IOException refused) {
            undo.all(refused);
            throw new SetupException(name() + " cannot be opened: " + refused.getMessage(), "see what the kernel says of it, and"
                + " whether it is locked down (which Secure Boot does): sudo dmesg | grep -i -e uio -e lockdown -e "
                + device.address(), refused);
        } catch (final RuntimeException refused) {
            undo.all(refused);
            throw refused;
        }
        if (WARNED.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.WARNING, name() + ": " + UioReadiness.WARNING);
        }
    }

    private int file(final Path path) {
        final int fd = Posix.open(path.toString(), Posix.O_RDWR);
        undo.push(() -> Posix.close(fd));
        return fd;
    }

    /** Nothing else keeps a second process from the card, and to open its UIO device would disturb the first. */
    private void lock() {
        if (!Posix.tryLock(configFile)) {
            throw new SetupException(device.address() + " is open already, in this process or another, and two drivers would"
                + " disturb each other", "close the first, or end the process that this shows: fuser -v "
                + folder.resolve("config"));
        }
    }

    private InterruptSource.Kind choose(final InterruptSource.Kind wanted) throws IOException {
        final boolean hasLine = !Files.readString(folder.resolve("irq")).strip().equals("0");
        final InterruptSource.Kind best = hasLine ? InterruptSource.Kind.INTX : InterruptSource.Kind.NONE;
        if (wanted != null && wanted != InterruptSource.Kind.NONE && wanted != best) {
            throw new SetupException("the card cannot interrupt by " + wanted + " through UIO",
                "ask for " + best + ", or for none in particular; messages come through VFIO");
        }
        return wanted == null ? best : wanted;
    }

    private void closeConfig() {
        open = false;
        Posix.close(configFile);
    }

    private int configFile() {
        checkOpen();
        return configFile;
    }

    @Override
    public String name() {
        return UioAccessProvider.SCHEME + ":" + device.address();
    }

    @Override
    public PciConfig config() {
        return config;
    }

    @Override
    public synchronized Registers bar(final int index) {
        checkOpen();
        if (bars[index] == null) {
            bars[index] = openBar(index);
        }
        return bars[index];
    }

    private Registers openBar(final int index) {
        final long size = device.resourceSizes().get(index);
        if (size == 0) {
            throw new IllegalArgumentException(name() + " has no BAR " + index);
        }
        final int fd = file(folder.resolve("resource" + index));
        try {
            final MappedMemory window =
                MappedMemory.map("BAR " + index, size, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, fd, 0);
            undo.push(window);
            return new MappedRegisters(window);
        } catch (final SystemCallException ports) {
            // I/O ports can be read and written only.
            return new FileWindow("BAR " + index, () -> barFile(fd), 0, size);
        }
    }

    private int barFile(final int fd) {
        checkOpen();
        return fd;
    }

    @Override
    public DmaDomain domain() {
        return domain;
    }

    @Override
    public synchronized InterruptSource interrupts() {
        checkOpen();
        if (interrupts == null && kind == InterruptSource.Kind.NONE) {
            interrupts = new NoInterrupts();
        } else if (interrupts == null) {
            final UioInterrupts line = new UioInterrupts(uioFile, config, this::configFile);
            undo.push(line);
            interrupts = line;
        }
        return interrupts;
    }

    /** By the kernel's own choice of reset, which keeps configuration space. */
    @Override
    public boolean reset() {
        try {
            Files.writeString(folder.resolve("reset"), "1");
            return true;
        } catch (final IOException none) {
            return false;
        }
    }

    @Override
    public Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("uio", uio.toString());
        facts.put("iommu", UioReadiness.WARNING);
        facts.put("interrupt", kind.toString());
        return facts;
    }

    /** Interrupts off, BARs unmapped, bus mastering off, device closed, memory freed; the last three in this order. */
    @Override
    public synchronized void close() {
        if (open) {
            undo.all(name());
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException(name() + " is closed");
        }
    }
}

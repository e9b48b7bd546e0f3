package dev.barewire.driver.vfio;

import dev.barewire.SetupException;
import dev.barewire.dma.DmaDomain;
import dev.barewire.dma.MappedMemory;
import dev.barewire.dma.posix.Posix;
import dev.barewire.dma.posix.SystemCallException;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.MappedRegisters;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.access.Undo;
import dev.barewire.driver.pci.PciAddress;
import dev.barewire.driver.pci.PciConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** A card that is open through VFIO. What was set up is undone in reverse order, whether opening ended or not. */
final class VfioAccess implements DeviceAccess {
    private final PciAddress address;
    private final Undo undo = new Undo();
    private final VfioContainer.Membership membership;
    private final VfioDevice device;
    private final VfioRemoval removal;
    private final InterruptSource.Kind kind;
    private final Registers[] bars = new Registers[Vfio.BARS];
    private VfioInterrupts interrupts;
    private boolean open = true;

    /**
     * Opens a card.
     *
     * @param address where it is
     * @param group   its IOMMU group
     * @param wanted  how it shall interrupt, or null for the best that it can
     */
    VfioAccess(final PciAddress address, final int group, final InterruptSource.Kind wanted) {
        this.address = address;
        try {
            membership = VfioContainer.join(address, group);
            undo.push(membership::leave);
            device = openDevice();
            undo.push(() -> device.busMaster(false));
            removal = new VfioRemoval(device);
            undo.push(removal);
            kind = VfioInterrupts.choose(device, wanted);
        } catch (final SystemCallException refused) {
            undo.all(refused);
            throw new SetupException(name() + " cannot be opened: " + refused.getMessage(),
                "see what the kernel says of it: sudo dmesg | grep -e vfio -e " + address, refused);
        } catch (final RuntimeException refused) {
            undo.all(refused);
            throw refused;
        }
    }

    private VfioDevice openDevice() {
        final int fd = membership.group().openDevice(address);
        try {
            final VfioDevice opened = new VfioDevice(fd);
            undo.push(opened::close);
            return opened;
        } catch (final RuntimeException refused) {
            Posix.close(fd);
            throw refused;
        }
    }

    @Override
    public String name() {
        return VfioAccessProvider.SCHEME + ":" + address;
    }

    @Override
    public PciConfig config() {
        return device;
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
        final VfioRegion region = device.region(index);
        if (region.size() == 0) {
            throw new IllegalArgumentException(name() + " has no BAR " + index);
        }
        if (!region.mappable()) {
            return region.window();
        }
        final MappedMemory window = region.map();
        undo.push(window::close);
        return new MappedRegisters(window);
    }

    @Override
    public DmaDomain domain() {
        return membership.domain();
    }

    @Override
    public synchronized InterruptSource interrupts() {
        checkOpen();
        if (interrupts == null) {
            interrupts = new VfioInterrupts(device, kind, removal);
            undo.push(interrupts::close);
        }
        return interrupts;
    }

    @Override
    public boolean reset() {
        return device.reset();
    }

    @Override
    public Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("iommu-group", String.valueOf(membership.group().number()));
        facts.put("iommu", "VFIO type 1 v2");
        facts.put("aperture", IovaRanges.describe(membership.usable()));
        facts.put("interrupt", kind.toString());
        return facts;
    }

    @Override
    public String fault() {
        return removal.fault();
    }

    /** Interrupts off, BARs unmapped, bus mastering off, device closed, memory unmapped; the last three in this order. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            undo.all(name());
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException(name() + " is closed");
        }
    }
}

package dev.barewire.testkit.rules;

import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.model.CardObserver;
import java.util.Map;

/**
 * A device whose configuration space and registers are watched, whatever the way to it: the register rules hold for QEMU's
 * cards and for silicon too. The observer is told one thing at a time, in the order in which they are done.
 */
public final class ObservedDevice implements DeviceAccess {
    private final DeviceAccess device;
    private final CardObserver observer;

    /**
     * Watches a device.
     *
     * @param device   the device, which is closed with this
     * @param observer is told
     */
    public ObservedDevice(final DeviceAccess device, final CardObserver observer) {
        this.device = device;
        this.observer = observer;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public PciConfig config() {
        final PciConfig config = device.config();
        return new PciConfig() {
            @Override
            public int read(final int offset, final int width) {
                return config.read(offset, width);
            }

            @Override
            public void write(final int offset, final int width, final int value) {
                synchronized (observer) {
                    observer.onConfigWrite(offset, width, value);
                    config.write(offset, width, value);
                }
            }
        };
    }

    @Override
    public Registers bar(final int index) {
        final Registers bar = device.bar(index);
        return new Registers() {
            @Override
            public int read(final int offset) {
                return read(offset, Integer.BYTES);
            }

            @Override
            public void write(final int offset, final int value) {
                write(offset, Integer.BYTES, value);
            }

            @Override
            public int read(final int offset, final int width) {
                synchronized (observer) {
                    final int value = bar.read(offset, width);
                    observer.onRead(offset, value);
                    return value;
                }
            }

            @Override
            public void write(final int offset, final int width, final int value) {
                synchronized (observer) {
                    observer.onWrite(offset, value);
                    bar.write(offset, width, value);
                }
            }

            @Override
            public int size() {
                return bar.size();
            }
        };
    }

    @Override
    public DmaDomain domain() {
        return device.domain();
    }

    @Override
    public InterruptSource interrupts() {
        return device.interrupts();
    }

    @Override
    public boolean reset() {
        return device.reset();
    }

    @Override
    public Map<String, String> facts() {
        return device.facts();
    }

    @Override
    public String fault() {
        return device.fault();
    }

    @Override
    public Card dress(final Card card, final CopyLedger ledger) {
        return device.dress(card, ledger);
    }

    @Override
    public void close() {
        device.close();
    }
}

package dev.barewire.testkit.wrap;

import dev.barewire.dma.CopyLedger;
import dev.barewire.dma.DmaDomain;
import dev.barewire.driver.access.DeviceAccess;
import dev.barewire.driver.access.InterruptSource;
import dev.barewire.driver.access.Registers;
import dev.barewire.driver.card.Card;
import dev.barewire.driver.pci.PciConfig;
import dev.barewire.testkit.wire.Wire;
import dev.barewire.testkit.wire.Wired;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A device that passes everything through to the one that it wraps. Closing it closes that one. */
public abstract class WrappedDevice implements DeviceAccess {
    private final DeviceAccess inner;
    private final String name;

    /**
     * Wraps a device.
     *
     * @param inner which; it is this one's from now on
     * @param how   the scheme and options of this wrapping, such as {@code fault:loss=0.1}
     */
    WrappedDevice(final DeviceAccess inner, final String how) {
        this.inner = Objects.requireNonNull(inner);
        this.name = how + ":" + inner.name();
    }

    /** What a wrapping of a device with a cable is as well: its cable is that of the device inside. */
    interface OfWired extends Wired {
        /**
         * The device inside.
         *
         * @return a {@link Wired}
         */
        DeviceAccess inner();

        @Override
        default Wire wire() {
            return ((Wired) inner()).wire();
        }

        @Override
        default void link(final boolean up) {
            ((Wired) inner()).link(up);
        }
    }

    /**
     * The device that this one wraps.
     *
     * @return the next one inside
     */
    public final DeviceAccess inner() {
        return inner;
    }

    /**
     * Looks through all wrappings.
     *
     * @param device a device, wrapped or not
     * @return the one that is no wrapping
     */
    public static DeviceAccess innermost(final DeviceAccess device) {
        DeviceAccess found = device;
        while (found instanceof WrappedDevice wrapped) {
            found = wrapped.inner;
        }
        return found;
    }

    /** Wraps the card's driver, which the devices inside have dressed already. */
    abstract Card wrap(Card card, CopyLedger ledger);

    /** What this wrapping tells of itself, in order. */
    abstract Map<String, String> ownFacts();

    @Override
    public final Card dress(final Card card, final CopyLedger ledger) {
        return wrap(inner.dress(card, ledger), ledger);
    }

    @Override
    public final Map<String, String> facts() {
        final Map<String, String> facts = new LinkedHashMap<>(inner.facts());
        facts.putAll(ownFacts());
        return facts;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public PciConfig config() {
        return inner.config();
    }

    @Override
    public Registers bar(final int index) {
        return inner.bar(index);
    }

    @Override
    public DmaDomain domain() {
        return inner.domain();
    }

    @Override
    public InterruptSource interrupts() {
        return inner.interrupts();
    }

    @Override
    public boolean reset() {
        return inner.reset();
    }

    @Override
    public String fault() {
        return inner.fault();
    }

    @Override
    public void close() {
        inner.close();
    }
}

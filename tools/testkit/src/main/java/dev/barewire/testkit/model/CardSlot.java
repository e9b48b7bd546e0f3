package dev.barewire.testkit.model;

import dev.barewire.MacAddress;
import dev.barewire.testkit.wire.Wire;
import java.util.function.BooleanSupplier;

/** What a model is plugged into: the bus, the memory behind it, the cable, and the settings of the one who opened it. */
public final class CardSlot {
    private final ModelDevice device;
    private final ModelOptions options;
    private final Wire wire;
    private final CardObserver observer;
    private final Chance chance;
    private final BooleanSupplier busMaster;
    private final Hostilities hostilities;

    CardSlot(final ModelDevice device, final ModelOptions options, final Wire wire, final CardObserver observer,
        final BooleanSupplier busMaster) {
        this.device = device;
        this.options = options;
        this.wire = wire;
        this.observer = observer;
        this.chance = new Chance(options.seed());
        this.hostilities = device.hostilities();
        this.busMaster = busMaster;
    }

    /**
     * A way into memory.
     *
     * @param purpose what for: faults are counted by this name
     * @return the way
     */
    public CardMemory memory(final String purpose) {
        return device.memory(purpose);
    }

    /**
     * The card's end of its cable.
     *
     * @return the end
     */
    public Wire wire() {
        return wire;
    }

    /**
     * Raises the card's interrupt line or lowers it.
     *
     * @param up whether it is up from now on
     */
    public void interruptLine(final boolean up) {
        device.interruptLine(up);
    }

    /**
     * Sends a message, if the driver lets the card do DMA: a message is a write to memory.
     *
     * @param vector its number
     */
    public void message(final int vector) {
        if (busMaster()) {
            device.message(vector);
        }
    }

    /**
     * Whether the card shall interrupt by messages.
     *
     * @return MSI-X's enable bit; false for a card that has only a line
     */
    public boolean messages() {
        return device.messages();
    }

    /**
     * Whether the driver lets the card do DMA.
     *
     * @return COMMAND's bus master bit
     */
    public boolean busMaster() {
        return busMaster.getAsBoolean();
    }

    /**
     * Who watches.
     *
     * @return the observer, or null if nobody does
     */
    public CardObserver observer() {
        return observer;
    }

    /**
     * Whether the card takes every liberty that its data sheet gives it: it completes late, in batches and in two steps.
     *
     * @return false if it shall only be fast
     */
    public boolean strict() {
        return options.strict();
    }

    /**
     * Whether the card shall be as QEMU's model of it, where that differs from the data sheet.
     *
     * @return false for silicon
     */
    public boolean qemu() {
        return options.qemu();
    }

    /**
     * Numbers from the seed, for the card's thread.
     *
     * @return the sequence
     */
    public Chance chance() {
        return chance;
    }

    /**
     * The card's own address.
     *
     * @return what its EEPROM shall say
     */
    public MacAddress mac() {
        return options.mac();
    }

    /**
     * Whether the cable is in.
     *
     * @return false while it is pulled out
     */
    public boolean linked() {
        return device.linked() && (hostilities == null || !hostilities.cut());
    }

    /**
     * What the card shall do wrong.
     *
     * @return null if nothing
     */
    public Hostilities hostilities() {
        return hostilities;
    }
}

package dev.barewire.testkit.model;

/**
 * What a card does by itself: the part of a {@link ModelDevice} that differs from family to family. Everything here but
 * {@link #doorbell} is called with the device's lock held, so that a model needs none of its own.
 */
public interface CardModel {
    /**
     * Answers a read of a register.
     *
     * @param offset bytes from the start of BAR 0, a multiple of 4
     * @return its value
     */
    int read(int offset);

    /**
     * Acts upon a write to a register.
     *
     * @param offset bytes from the start of BAR 0, a multiple of 4
     * @param value  what was written
     */
    void write(int offset, int value);

    /**
     * Takes a write to a tail register without waiting for the card's thread: called without the lock.
     *
     * @param offset bytes from the start of BAR 0, a multiple of 4
     * @param value  what was written
     * @return false if the register is no doorbell and {@link #write} shall be called
     */
    boolean doorbell(int offset, int value);

    /**
     * Moves frames, a few at a time.
     *
     * @return how much was done; 0 if there is nothing to do now and nothing is held back
     */
    int work();

    /**
     * The cable was put in or pulled out.
     *
     * @param up true if it is in
     */
    void link(boolean up);

    /** Does what a reset of the bus does. */
    void reset();

    /** Something that the bus decides has changed, such as whether the card may be a bus master. */
    void busChanged();
}

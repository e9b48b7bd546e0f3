package dev.barewire.driver.access;

/** A window on a card's registers. Accesses are aligned, 32 bits wide, in program order, and never merged. */
public interface Registers {
    /**
     * Reads a register.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     * @return its value; all ones when the card is gone
     */
    int read(int offset);

    /**
     * Writes a register; earlier stores to memory are seen by the card first.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     * @param value  its value
     */
    void write(int offset, int value);

    /**
     * The size of the window.
     *
     * @return bytes
     */
    int size();
}

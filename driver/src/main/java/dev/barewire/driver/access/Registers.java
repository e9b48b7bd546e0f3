package dev.barewire.driver.access;

/** A window on a card's registers. Accesses are aligned, as wide as they say, in program order, and never merged. */
public interface Registers {
    /**
     * Reads a register of 32 bits.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     * @return its value; all ones when the card is gone
     */
    int read(int offset);

    /**
     * Writes a register of 32 bits; earlier stores to memory are seen by the card first.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     * @param value  its value
     */
    void write(int offset, int value);

    /**
     * Reads a register.
     *
     * @param offset bytes from the start of the window, a multiple of the width
     * @param width  1, 2 or 4 bytes
     * @return its value, unsigned where it is narrower than 32 bits; all ones when the card is gone
     */
    int read(int offset, int width);

    /**
     * Writes a register; earlier stores to memory are seen by the card first.
     *
     * @param offset bytes from the start of the window, a multiple of the width
     * @param width  1, 2 or 4 bytes
     * @param value  its value, of which the lowest bits are written
     */
    void write(int offset, int width, int value);

    /**
     * The size of the window.
     *
     * @return bytes
     */
    int size();
}

package dev.barewire.driver.pci;

/** A function's configuration space (PCI Local Bus 3.0, section 6.1). Little-endian. */
public interface PciConfig {
    /** Vendor id, 16 bits. */
    int VENDOR_ID = 0x00;
    /** Device id, 16 bits. */
    int DEVICE_ID = 0x02;
    /** Command register, 16 bits (section 6.2.2). */
    int COMMAND = 0x04;
    /** Status register, 16 bits (section 6.2.3). */
    int STATUS = 0x06;
    /** Status: there is a list of capabilities. */
    int STATUS_CAPABILITIES = 1 << 4;
    /** Where the list of capabilities begins, 8 bits (section 6.7). */
    int CAPABILITIES = 0x34;
    /** Command: answer to memory accesses. */
    int COMMAND_MEMORY = 1 << 1;
    /** Command: may be a bus master, which DMA and message interrupts need. */
    int COMMAND_BUS_MASTER = 1 << 2;
    /** Command: INTx is off. */
    int COMMAND_INTX_DISABLE = 1 << 10;

    /**
     * Reads from it.
     *
     * @param offset where, a multiple of the width
     * @param width  1, 2 or 4 bytes
     * @return the value, unsigned where it is narrower than 32 bits
     */
    int read(int offset, int width);

    /**
     * Lets the function do DMA and send message interrupts, or stops it.
     *
     * @param on whether it may
     */
    default void busMaster(final boolean on) {
        final int command = read(COMMAND, Short.BYTES);
        write(COMMAND, Short.BYTES, on ? command | COMMAND_BUS_MASTER : command & ~COMMAND_BUS_MASTER);
    }

    /**
     * Writes to it.
     *
     * @param offset where, a multiple of the width
     * @param width  1, 2 or 4 bytes
     * @param value  the value
     */
    void write(int offset, int width, int value);
}

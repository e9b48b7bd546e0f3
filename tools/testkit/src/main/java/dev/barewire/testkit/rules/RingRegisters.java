package dev.barewire.testkit.rules;

/**
 * Where a ring's registers are, and the control register of its unit.
 *
 * @param title for people
 * @param low   its first register, that of its base
 * @param unit  the register that switches the unit on
 */
record RingRegisters(String title, int low, int unit) {
    /** The receive ring of a card with one, and the first of a card with more. */
    static final RingRegisters RECEIVE = receive(0);
    /** The transmit ring. */
    static final RingRegisters TRANSMIT = transmit(0);

    private static final int NEXT = 0x100;
    /** Since the 82576. */
    private static final int BLOCK = 0x40;

    static RingRegisters receive(final int queue) {
        return new RingRegisters(title("receive", queue), 0x2800 + NEXT * queue, CardState.RCTL);
    }

    static RingRegisters transmit(final int queue) {
        return new RingRegisters(title("transmit", queue), 0x3800 + NEXT * queue, CardState.TCTL);
    }

    static RingRegisters receive(final int queue, final Generation generation) {
        return generation.compareTo(Generation.THE_82576) < 0 ? receive(queue)
            : new RingRegisters(title("receive", queue), 0xc000 + BLOCK * queue, CardState.RCTL);
    }

    static RingRegisters transmit(final int queue, final Generation generation) {
        return generation.compareTo(Generation.THE_82576) < 0 ? transmit(queue)
            : new RingRegisters(title("transmit", queue), 0xe000 + BLOCK * queue, CardState.TCTL);
    }

    private static String title(final String side, final int queue) {
        return queue == 0 ? side : side + " (queue " + queue + ")";
    }

    boolean isTransmit() {
        return unit == CardState.TCTL;
    }

    int high() {
        return low + 0x04;
    }

    int length() {
        return low + 0x08;
    }

    /** Of an 82576's receive ring: its format and the sizes of its buffers. */
    int split() {
        return low + 0x0c;
    }

    int head() {
        return low + 0x10;
    }

    int tail() {
        return low + 0x18;
    }

    /** Its thresholds. */
    int control() {
        return low + 0x28;
    }

    /** Of a transmit ring: how it is served among others. */
    int arbitration() {
        return low + 0x40;
    }
}

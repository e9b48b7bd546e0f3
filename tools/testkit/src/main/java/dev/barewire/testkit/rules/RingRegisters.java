package dev.barewire.testkit.rules;

/** Where a ring's registers are, and the control register of its unit. */
enum RingRegisters {
    RECEIVE("receive", 0x2800, CardState.RCTL),
    TRANSMIT("transmit", 0x3800, CardState.TCTL);

    private final String title;
    private final int first;
    private final int unit;

    RingRegisters(final String title, final int first, final int unit) {
        this.title = title;
        this.first = first;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    int low() {
        return first;
    }

    int high() {
        return first + 0x04;
    }

    int length() {
        return first + 0x08;
    }

    int head() {
        return first + 0x10;
    }

    int tail() {
        return first + 0x18;
    }

    /** The register that switches the unit on. */
    int unit() {
        return unit;
    }
}

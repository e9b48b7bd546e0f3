package dev.barewire.testkit.model;

/**
 * A card's interrupt line and what VFIO makes of it: while it is raised it fires once and is masked, until it is re-armed.
 * Threads share it under a lock of its owner's.
 */
public final class MaskedLine {
    private boolean raised;
    private boolean disabled;
    private boolean masked;

    /** Makes a line that is low and armed. */
    public MaskedLine() {
    }

    /**
     * The card raises its line or lowers it.
     *
     * @param high which
     * @return whether it fires
     */
    public boolean set(final boolean high) {
        raised = high;
        return fires();
    }

    /**
     * The card may raise its line or may not, as its COMMAND register says.
     *
     * @param on which
     * @return whether it fires
     */
    public boolean enable(final boolean on) {
        disabled = !on;
        return fires();
    }

    /**
     * Unmasks the line, so that it fires at once if it is still raised.
     *
     * @return whether it fires
     */
    public boolean rearm() {
        masked = false;
        return fires();
    }

    private boolean fires() {
        final boolean fires = raised && !disabled && !masked;
        masked |= fires;
        return fires;
    }
}

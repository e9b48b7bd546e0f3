package dev.barewire.testkit.wrap;

/** What a {@link FaultDevice} does to frames. */
public enum Fault {
    /** The frame is gone. One to send is told as sent, in its turn. */
    LOSS("loss", "lost"),
    /** The frame comes twice. */
    DUPLICATE("duplicate", "duplicated"),
    /** The frame comes behind one to four of those that followed it, or 10 ms later if nothing follows. */
    REORDER("reorder", "reordered"),
    /** One bit of the frame is wrong, as it would be if the FCS had not noticed; other checksums are not mended. */
    CORRUPT("corrupt", "corrupted"),
    /** The frame comes later, by anything up to the longest delay, whatever overtakes it. */
    DELAY("delay", "delayed");

    private final String option;
    private final String counted;

    Fault(final String option, final String counted) {
        this.option = option;
        this.counted = counted;
    }

    /**
     * Its name in a device's name.
     *
     * @return such as {@code loss}
     */
    public String option() {
        return option;
    }

    /**
     * Its name in statistics, behind {@code fault.rx.} or {@code fault.tx.}.
     *
     * @return such as {@code lost}
     */
    public String counted() {
        return counted;
    }
}

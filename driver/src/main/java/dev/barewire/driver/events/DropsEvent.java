package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Frames that a card's driver has dropped so far, by reason. */
@Name("dev.barewire.Drops")
@Label("NIC drops")
@Category("Barewire")
@Description("Frames that a card's driver has dropped so far, by reason.")
@StackTrace(false)
public final class DropsEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** The counter's name. */
    @Label("Reason")
    public String reason;

    /** Frames since the card was opened. */
    @Label("Frames")
    public long count;

    /** Makes one, not yet committed. */
    public DropsEvent() {
    }
}

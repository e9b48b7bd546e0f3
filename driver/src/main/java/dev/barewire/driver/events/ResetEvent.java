package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A card was reset. */
@Name("dev.barewire.Reset")
@Label("NIC reset")
@Category("Barewire")
@Description("A card was reset.")
@StackTrace(false)
public final class ResetEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** Why. */
    @Label("Reason")
    public String reason;

    /** Makes one, not yet committed. */
    public ResetEvent() {
    }
}

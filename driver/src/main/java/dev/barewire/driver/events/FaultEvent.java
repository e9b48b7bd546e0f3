package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A card did what it may not, or could not be opened. */
@Name("dev.barewire.Fault")
@Label("NIC fault")
@Category("Barewire")
@Description("A card did what it may not, or could not be opened.")
@StackTrace(false)
public final class FaultEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** What was found. */
    @Label("Fault")
    public String fault;

    /** Makes one, not yet committed. */
    public FaultEvent() {
    }
}

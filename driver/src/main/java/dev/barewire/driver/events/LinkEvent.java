package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A card's link came up or went down. */
@Name("dev.barewire.Link")
@Label("NIC link change")
@Category("Barewire")
@Description("A card's link came up or went down.")
@StackTrace(false)
public final class LinkEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** Whether there is a link now. */
    @Label("Up")
    public boolean up;

    /** Megabits a second. */
    @Label("Speed")
    public int mbps;

    /** Makes one, not yet committed. */
    public LinkEvent() {
    }
}

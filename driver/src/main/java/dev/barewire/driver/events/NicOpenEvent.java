package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A card was opened. */
@Name("dev.barewire.Open")
@Label("NIC open")
@Category("Barewire")
@Description("A card was opened.")
@StackTrace(false)
public final class NicOpenEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** The card's name. */
    @Label("Card")
    public String card;

    /** Makes one, not yet committed. */
    public NicOpenEvent() {
    }
}

package dev.barewire.driver.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A card was closed. */
@Name("dev.barewire.Close")
@Label("NIC close")
@Category("Barewire")
@Description("A card was closed.")
@StackTrace(false)
public final class NicCloseEvent extends Event {
    /** The device, as it was opened. */
    @Label("Device")
    public String device;

    /** Buffers that were not given back. */
    @Label("Buffers outstanding")
    public int buffersOutstanding;

    /** Makes one, not yet committed. */
    public NicCloseEvent() {
    }
}

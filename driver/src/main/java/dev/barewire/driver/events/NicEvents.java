package dev.barewire.driver.events;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Tells the Flight Recorder of a card's life. The first event that a JVM makes sets the recorder up, which takes 50 to 90
 * ms, whether it records or not; so none is made before someone has started it.
 */
public final class NicEvents {
    private NicEvents() {
    }

    /**
     * A card is being opened, from now on.
     *
     * @return to be told the device's name and the card's when it is open
     */
    public static BiConsumer<String, String> opening() {
        if (!FlightRecorder.isInitialized()) {
            return (device, card) -> { };
        }
        final NicOpenEvent event = new NicOpenEvent();
        event.begin();
        return (device, card) -> {
            event.device = device;
            event.card = card;
            event.commit();
        };
    }

    /**
     * A card is being closed, from now on.
     *
     * @return to be told the device's name and how many buffers were outstanding when it is closed
     */
    public static BiConsumer<String, Integer> closing() {
        if (!FlightRecorder.isInitialized()) {
            return (device, buffers) -> { };
        }
        final NicCloseEvent event = new NicCloseEvent();
        event.begin();
        return (device, buffers) -> {
            event.device = device;
            event.buffersOutstanding = buffers;
            event.commit();
        };
    }

    /**
     * A card was reset.
     *
     * @param device its name
     * @param reason why
     */
    public static void reset(final String device, final String reason) {
        if (FlightRecorder.isInitialized()) {
            final ResetEvent event = new ResetEvent();
            event.device = device;
            event.reason = reason;
            event.commit();
        }
    }

    /**
     * A card's link has changed.
     *
     * @param device its name
     * @param up     whether it is up now
     * @param mbps   its speed
     */
    public static void link(final String device, final boolean up, final int mbps) {
        if (FlightRecorder.isInitialized()) {
            final LinkEvent event = new LinkEvent();
            event.device = device;
            event.up = up;
            event.mbps = mbps;
            event.commit();
        }
    }

    /**
     * Something went wrong with a card.
     *
     * @param device its name
     * @param what   a sentence
     */
    public static void fault(final String device, final String what) {
        if (FlightRecorder.isInitialized()) {
            final FaultEvent event = new FaultEvent();
            event.device = device;
            event.fault = what;
            event.commit();
        }
    }

    /** Reports a card's drops for as long as it is open, now and then, from when the recorder is started. */
    public static final class Drops implements FlightRecorderListener, AutoCloseable {
        private final String device;
        private final Supplier<Map<String, Long>> counts;
        private final Runnable report = this::report;
        private volatile boolean closed;

        /**
         * Begins to report.
         *
         * @param device the card's name
         * @param counts gives frames by reason; called on a thread of the recorder
         */
        public Drops(final String device, final Supplier<Map<String, Long>> counts) {
            this.device = device;
            this.counts = counts;
            FlightRecorder.addListener(this);
        }

        @Override
        public void recorderInitialized(final FlightRecorder recorder) {
            FlightRecorder.addPeriodicEvent(DropsEvent.class, report);
            if (closed) {
                FlightRecorder.removePeriodicEvent(report);
            }
        }

        private void report() {
            counts.get().forEach((reason, count) -> {
                final DropsEvent event = new DropsEvent();
                event.device = device;
                event.reason = reason;
                event.count = count;
                event.commit();
            });
        }

        @Override
        public void close() {
            closed = true;
            FlightRecorder.removeListener(this);
            if (FlightRecorder.isInitialized()) {
                FlightRecorder.removePeriodicEvent(report);
            }
        }
    }
}

/** JDK Flight Recorder events of a card's life. None is emitted for a frame; drops are reported as totals. */
package dev.barewire.driver.events;

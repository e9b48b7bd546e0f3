package dev.barewire.tools.traffic;

import dev.barewire.RxQueue;
import org.agrona.concurrent.Agent;

/**
 * What one thread does.
 *
 * @param agent its duty cycle
 * @param queue whose frames it waits for when there is nothing to do
 */
record Duty(Agent agent, RxQueue queue) {
}

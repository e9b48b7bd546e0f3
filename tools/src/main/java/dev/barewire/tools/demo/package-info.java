/**
 * {@code barewire demo}: a guest in which Barewire drives a card against a network stack that we did not write.
 *
 * <p>On the host {@link dev.barewire.tools.demo.DemoCommand} lays the cables, boots the guest, sends a file and takes it
 * back. In the guest {@link dev.barewire.tools.demo.DemoInGuest} opens the card and runs a
 * {@link dev.barewire.tools.demo.GuestStation} on it: the data path, on one thread, which allocates nothing. The guest tells
 * the host what it sees in lines of {@code key value} on standard output ({@link dev.barewire.tools.demo.Report}). The
 * transfer's rules are in {@link dev.barewire.tools.demo.transfer}; no driver code belongs here.
 */
package dev.barewire.tools.demo;

/**
 * {@code barewire demo}: Barewire drives a card against a network stack that we did not write.
 *
 * <p>{@link dev.barewire.tools.demo.DemoCommand} chooses a {@link dev.barewire.tools.demo.Stage}, a guest or this machine,
 * which lays the cables and starts the {@link dev.barewire.tools.demo.CardProgram} there; then
 * {@link dev.barewire.tools.demo.Outside} sends a file and takes it back. The program opens the card and runs a
 * {@link dev.barewire.tools.demo.CardStation} on it: the data path, on one thread, which allocates nothing. It tells what it
 * sees in lines on standard output ({@link dev.barewire.tools.demo.Report}). The transfer's rules are in
 * {@link dev.barewire.tools.demo.transfer}; no driver code belongs here.
 */
package dev.barewire.tools.demo;

/**
 * What every way to reach a card offers: PCI config space, registers, a DMA domain, interrupts, reset. Ways are found
 * by {@link java.util.ServiceLoader}, so an application can add one. No card and no ring is known here.
 */
package dev.barewire.driver.access;

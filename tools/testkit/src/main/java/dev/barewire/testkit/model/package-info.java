/**
 * Cards that exist only in this JVM: models that a driver reaches through registers, rings and DMA addresses like a real
 * card, each on a thread of its own.
 */
package dev.barewire.testkit.model;

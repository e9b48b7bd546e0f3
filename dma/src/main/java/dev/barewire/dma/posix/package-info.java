/**
 * System calls: {@link dev.barewire.dma.posix.Posix} for what JNR-POSIX has, {@link dev.barewire.dma.posix.Libc} over
 * Panama FFM for what it lacks. An errno always leaves as a named {@link dev.barewire.dma.posix.SystemCallException}.
 */
package dev.barewire.dma.posix;

/** Tests of {@code qemu:}, most of them with a QEMU: each starts one of its own, in some 100 ms. */
package dev.barewire.tools.qemu;

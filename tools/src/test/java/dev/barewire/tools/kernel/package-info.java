/** Traffic of the Linux kernel's own stack through cards of ours: taps in network namespaces. Needs root. */
package dev.barewire.tools.kernel;

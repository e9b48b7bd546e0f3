/**
 * Capture files: {@link dev.barewire.testkit.pcap.CaptureWriter} writes pcapng,
 * {@link dev.barewire.testkit.pcap.CaptureFile} reads pcapng and pcap. Nothing here knows a card or a buffer.
 */
package dev.barewire.testkit.pcap;

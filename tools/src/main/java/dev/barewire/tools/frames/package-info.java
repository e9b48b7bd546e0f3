/**
 * Small writers of the frames that the tools need as a network peer: Ethernet, ARP, IPv4, UDP and ICMP echo, over memory of
 * either kind ({@link dev.barewire.tools.frames.Octets}). Field offsets are those of {@link dev.barewire.fallback}. No
 * protocol state belongs here.
 */
package dev.barewire.tools.frames;

/**
 * A small file transfer over any datagram network: what the demo moves its file with, in both directions.
 *
 * <p>A datagram starts with a header of 16 bytes ({@link dev.barewire.tools.demo.transfer.TransferHeader}); the data come
 * last and in one piece, so that a receiver may keep the range where the card put it and send it again from there. The
 * sender repeats an OFFER (length of the file, length of a chunk) until it is acknowledged, then sends numbered DATA, at most
 * {@link dev.barewire.tools.demo.transfer.SendWindow#SIZE} chunks beyond the lowest that is not acknowledged. An ACK names
 * that lowest number and, in 64 bits, which of those behind it are there. What is not acknowledged is sent again: at once
 * when later chunks arrived, else when a timer runs out, which follows the round trips seen. A transfer is a session: the way
 * out has a random number, the way back the next one, and datagrams of other sessions are ignored.
 *
 * <p>Nothing here trusts a peer: numbers and lengths are bounded before use, duplicates and strays are counted and dropped,
 * and no datagram makes anything throw. Windows know numbers and clocks only; no memory, no network, no card belongs here.
 */
package dev.barewire.tools.demo.transfer;

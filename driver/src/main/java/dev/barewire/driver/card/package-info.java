/** What the public interface asks of every card, whatever its family. */
package dev.barewire.driver.card;

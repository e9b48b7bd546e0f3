/**
 * What each card is and can do, as data: one TOML file a card, and the loader that reads it. A new card of a known
 * family is a new file. No card is driven from here.
 */
package dev.barewire.profiles;

/**
 * The QEMU guest lab: boots a throw-away Linux in seconds from this machine's own root file system (shared read-only) and
 * runs one command in it. {@link dev.barewire.tools.guest.Guest} is the way in,
 * {@link dev.barewire.tools.guest.Prerequisites} gets what the machine lacks.
 *
 * <p>Nothing here knows what the command does: no driver, no card register and no traffic belongs in this package.
 */
package dev.barewire.tools.guest;

/**
 * Everything a person runs: {@link dev.barewire.tools.Main} is the root of the command line, each room below adds its
 * subcommands. No driver code belongs here.
 */
package dev.barewire.tools;

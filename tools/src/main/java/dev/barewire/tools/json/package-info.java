/** JSON for programs that read what the tools print. It is written here, never read, and knows nothing of what it says. */
package dev.barewire.tools.json;

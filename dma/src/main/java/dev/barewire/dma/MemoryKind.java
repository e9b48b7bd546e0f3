package dev.barewire.dma;

/** What kind of memory a region is made of. The kind belongs to the pool; send and receive are the same on all. */
public enum MemoryKind {
    /** Pages of 2 MiB from the kernel's pool; where there are none, {@link #ANONYMOUS} with a note that says so. */
    HUGE_PAGES,
    /** Ordinary private pages of 4 KiB. */
    ANONYMOUS,
    /** A memory file, shared by its descriptor with other processes. */
    MEMFD
}

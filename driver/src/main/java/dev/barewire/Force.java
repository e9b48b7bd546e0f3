package dev.barewire;

/** What an application wants of an offload. */
public enum Force {
    /** Hardware where the card can, else software where the driver can, else absent. */
    AUTO,
    /** By the card; where it cannot, opening fails. */
    HARDWARE,
    /** By the CPU, also where the card could. */
    SOFTWARE,
    /** Not at all. */
    OFF
}

package dev.barewire.tools.guest;

/**
 * How a guest's run ended.
 *
 * @param exitCode the command's exit code, 128 plus the signal's number when a signal ended it
 * @param accelerator what ran the guest's processor
 * @param retried whether the first boot failed and a second one was needed
 * @param bootSeconds from the start of QEMU (of the boot that worked) to the start of the command
 * @param seconds from the start of the command to its end
 * @param dmesg the guest kernel's log after the command
 */
public record GuestResult(int exitCode, Accelerator accelerator, boolean retried, double bootSeconds, double seconds,
                          String dmesg) {
}

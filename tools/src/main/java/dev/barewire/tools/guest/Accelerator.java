package dev.barewire.tools.guest;

/** What runs the guest's processor. */
public enum Accelerator {
    /** The host's virtualisation. */
    KVM("kvm"),
    /** QEMU's translator, one thread for each virtual processor. */
    TCG("tcg,thread=multi");

    private final String option;

    Accelerator(String option) {
        this.option = option;
    }

    /** {@return the value of QEMU's {@code -accel}} */
    String option() {
        return option;
    }
}

package dev.barewire.testkit.model.intel;

import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;

/** An 82540EM: one queue each way, legacy receive descriptors, a line. */
final class Model8254x extends IntelModel {
    private static final Design DESIGN = new Design(1, Register.RDBAL, Register.TDBAL, 0x100, 0, 48 << 10, 16 << 10,
        Design.Reading.NONE, false, RxDescriptor.TCPCS, 8, 1 << 4);

    Model8254x(final CardSlot slot, final PciIdentity identity) {
        super(slot, identity, DESIGN, new RegisterFile(), new Causes(slot));
        begin();
    }

    @Override
    void powerOnOwn() {
        registers.set(Register.CTRL, Bits.CTRL_FD | Bits.CTRL_LRST | Bits.CTRL_SPEED_1000);
    }

    @Override
    int switchedBy(final int queue) {
        return Register.TCTL;
    }

    @Override
    int switchedOn() {
        return Bits.TCTL_EN;
    }

    @Override
    boolean isTail(final int offset) {
        return offset == Register.RDBAL + Register.TAIL || offset == Register.TDBAL + Register.TAIL;
    }

    @Override
    void useFormat() {
        receive.queues()[0].use(RxFormat.LEGACY, Bits.bufferSize(registers.get(Register.RCTL)));
    }
}

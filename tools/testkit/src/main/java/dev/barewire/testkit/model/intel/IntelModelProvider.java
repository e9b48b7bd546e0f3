package dev.barewire.testkit.model.intel;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.PciId;
import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardModelProvider;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;

/** The 8254x family and its successors, one provider each. */
public abstract class IntelModelProvider implements CardModelProvider {
    private static final int INTEL = 0x8086;

    private final String family;
    private final int revision;
    private final int subsystem;
    private final int vectors;
    private final Maker model;

    IntelModelProvider(final String family, final int revision, final int subsystem, final int vectors,
        final Maker model) {
        this.family = family;
        this.revision = revision;
        this.subsystem = subsystem;
        this.vectors = vectors;
        this.model = model;
    }

    /** Makes a card of the family. */
    interface Maker {
        IntelModel make(CardSlot slot, PciIdentity identity, CardProfile profile);
    }

    /** The 82540EM, as a PRO/1000 MT Desktop Adapter. */
    public static final class The8254x extends IntelModelProvider {
        /** Made by the service loader. */
        public The8254x() {
            super("8254x", 2, 0x001e, 0, (slot, identity, profile) -> new Model8254x(slot, identity));
        }
    }

    /** The 82574L, as a Gigabit CT Desktop Adapter. */
    public static final class The82574 extends IntelModelProvider {
        /** Made by the service loader. */
        public The82574() {
            super("82574", 0, 0xa01f, Causes82574.VECTORS, (slot, identity, profile) -> new Model82574(slot, identity));
        }
    }

    /** The 82576, as a Gigabit ET Dual Port Server Adapter, and its successors with the queues that each has. */
    public static final class The82576 extends IntelModelProvider {
        /** Made by the service loader. */
        public The82576() {
            super("82576", 1, 0xa03c, Causes82576.VECTORS, Model82576::new);
        }
    }

    @Override
    public final String family() {
        return family;
    }

    @Override
    public final PciIdentity identity(final CardProfile profile) {
        final PciId id = profile.ids().getFirst();
        return new PciIdentity(id.vendor(), id.device(), revision, INTEL, subsystem, RegisterFile.BYTES, vectors);
    }

    @Override
    public final CardModel create(final CardProfile profile, final CardSlot slot) {
        final IntelModel honest = model.make(slot, identity(profile), profile);
        return slot.hostilities() == null ? honest : new HostileModel(honest, slot);
    }
}

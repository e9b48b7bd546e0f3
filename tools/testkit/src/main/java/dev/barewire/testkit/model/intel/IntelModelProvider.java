package dev.barewire.testkit.model.intel;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.PciId;
import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardModelProvider;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;
import java.util.function.BiFunction;

/** The 8254x family and its successors, one provider each. */
public abstract class IntelModelProvider implements CardModelProvider {
    private static final int INTEL = 0x8086;

    private final String family;
    private final int revision;
    private final int subsystem;
    private final int vectors;
    private final BiFunction<CardSlot, PciIdentity, IntelModel> model;

    IntelModelProvider(final String family, final int revision, final int subsystem, final int vectors,
        final BiFunction<CardSlot, PciIdentity, IntelModel> model) {
        this.family = family;
        this.revision = revision;
        this.subsystem = subsystem;
        this.vectors = vectors;
        this.model = model;
    }

    /** The 82540EM, as a PRO/1000 MT Desktop Adapter. */
    public static final class The8254x extends IntelModelProvider {
        /** Made by the service loader. */
        public The8254x() {
            super("8254x", 2, 0x001e, 0, Model8254x::new);
        }
    }

    /** The 82574L, as a Gigabit CT Desktop Adapter. */
    public static final class The82574 extends IntelModelProvider {
        /** Made by the service loader. */
        public The82574() {
            super("82574", 0, 0xa01f, Causes82574.VECTORS, Model82574::new);
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
        final IntelModel honest = model.apply(slot, identity(profile));
        return slot.hostilities() == null ? honest : new HostileModel(honest, slot);
    }
}

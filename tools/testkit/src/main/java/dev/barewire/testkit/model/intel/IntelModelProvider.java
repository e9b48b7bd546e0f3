package dev.barewire.testkit.model.intel;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.PciId;
import dev.barewire.testkit.model.CardModel;
import dev.barewire.testkit.model.CardModelProvider;
import dev.barewire.testkit.model.CardSlot;
import dev.barewire.testkit.model.PciIdentity;

/** The 8254x family. */
public final class IntelModelProvider implements CardModelProvider {
    private static final int REVISION = 2;
    private static final int INTEL = 0x8086;
    /** PRO/1000 MT Desktop Adapter. */
    private static final int DESKTOP_ADAPTER = 0x001e;

    /** Made by the service loader. */
    public IntelModelProvider() {
    }

    @Override
    public String family() {
        return "8254x";
    }

    @Override
    public PciIdentity identity(final CardProfile profile) {
        final PciId id = profile.ids().getFirst();
        return new PciIdentity(id.vendor(), id.device(), REVISION, INTEL, DESKTOP_ADAPTER, RegisterFile.BYTES);
    }

    @Override
    public CardModel create(final CardProfile profile, final CardSlot slot) {
        final IntelModel honest = new IntelModel(slot, identity(profile));
        return slot.hostilities() == null ? honest : new HostileModel(honest, slot);
    }
}

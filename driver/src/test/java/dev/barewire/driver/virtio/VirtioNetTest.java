package dev.barewire.driver.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barewire.LinkState;
import dev.barewire.MacAddress;
import dev.barewire.SetupException;
import dev.barewire.driver.card.CardSettings;
import dev.barewire.driver.card.RxSplit;
import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import dev.barewire.profiles.Profiles;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtioNetTest {
    private static final int FAILED = 0x80;
    private static final int NEEDS_RESET = 0x40;
    private static final int SIZE = 0x18;
    private static final int VECTOR = 0x1a;
    private static final int ENABLE = 0x1c;

    private final FakeVirtio device = new FakeVirtio();
    private VirtioNet card;

    @AfterEach
    void close() {
        if (card != null) {
            card.close();
        }
        assertThat(device.mappings()).as("memory that is still mapped").isZero();
    }

    private static CardSettings settings(final int queues, final boolean vectors, final String... withheld) {
        return new CardSettings(256, 48, 2048, RxSplit.NONE, 65536, 0, false, false, false, vectors, new byte[0], queues,
            new int[0], 0, EnumSet.allOf(Offload.class), 1522, false, Set.of(withheld));
    }

    private VirtioNet open(final int queues, final boolean vectors) {
        card = new VirtioNet(device, settings(queues, vectors));
        return card;
    }

    private SetupException refused() {
        final SetupException[] refusal = new SetupException[1];
        assertThatThrownBy(() -> open(1, false)).isInstanceOfSatisfying(SetupException.class, was -> refusal[0] = was);
        assertThat(refusal[0].mend()).isNotBlank();
        return refusal[0];
    }

    // ---- bring-up

    @Test
    void shouldTakeEachStepInOrderWhenADeviceIsBroughtUp() {
        open(1, false).start();

        assertThat(device.trace).startsWith("status=0", "status=1", "status=3", "status=b", "enable 0", "enable 1", "enable 4",
            "status=f");
        assertThat(device.accepted).isEqualTo(device.offered);
        assertThat(device.queue(0, SIZE)).as("as many as the device has").isEqualTo(64);
        assertThat(device.queue(1, SIZE)).as("a power of two of those wanted").isEqualTo(32);
        assertThat(card.mac()).isEqualTo(MacAddress.parse("52:53:54:55:56:57"));
        assertThat(card.link().up()).isTrue();
        card.stop();
        assertThat(device.status).isZero();
    }

    @Test
    void shouldNotNotifyBeforeTheDeviceIsLetGo() {
        open(1, false).rxDoorbell(0, 5);
        assertThat(device.trace).noneMatch(line -> line.startsWith("notify"));

        card.start();

        assertThat(device.trace.subList(device.trace.indexOf("status=f"), device.trace.size())).contains("notify 0 2");
    }

    @Test
    void shouldAcceptOnlyWhatItKnowsAndWhatIsWholeWhenADeviceOffersEverything() {
        device.offered = -1L & ~1L;

        open(1, false);

        // Without CSUM there is no segmentation, and reserved and unknown bits are passed over.
        assertThat(device.accepted & 1L << 11).isZero();
        assertThat(device.accepted & 1L << 24).isZero();
        assertThat(device.accepted & 1L << 37).isZero();
        assertThat(device.accepted & 1L << 40).as("the structure has no queue_reset").isZero();
        assertThat(device.accepted & 1L << 34).as("packed").isNotZero();
        assertThat(new VirtioFeatures(device.accepted).consistent().bits()).isEqualTo(device.accepted);
    }

    @Test
    void shouldSignalQueuesOnTheirVectorsWhenThereAreSome() {
        open(2, true).start();

        assertThat(List.of(device.queue(0, VECTOR), device.queue(2, VECTOR), device.queue(1, VECTOR)))
            .containsExactly(0L, 1L, (long) FakeVirtio.NO_VECTOR);
        assertThat(card.vector(1)).isEqualTo(1);
        assertThat(device.commands).as("two queue pairs").contains("04000200");
    }

    @Test
    void shouldTellTheDeviceWhatToTakeInWhenItIsLetGo() {
        open(1, false);
        card.promiscuous(true);
        card.multicast(List.of(MacAddress.parse("01:00:5e:00:00:01")));
        assertThat(device.commands).isEmpty();

        card.start();

        assertThat(device.commands).containsSubsequence("000001", "000100", "0100000000000100000001005e000001");
        card.promiscuous(false);
        assertThat(device.commands).last().isEqualTo("000100");
        assertThat(device.commands).contains("000000");
    }

    // ---- refusals: each is told of, and leaves FAILED

    @Test
    void shouldRefuseADeviceOfBeforeVirtio1() {
        device.offered &= ~(1L << 32);
        assertThat(refused()).hasMessageContaining("VERSION_1");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldRefuseADeviceThatPassesByTheIommu() {
        device.offered &= ~(1L << 33);
        assertThat(refused()).hasMessageContaining("ACCESS_PLATFORM");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldGiveUpWhenADeviceRefusesWhatItOffers() {
        device.refusesFeatures = true;
        assertThat(refused()).hasMessageContaining("refuses the features");
        assertThat(device.said & FAILED).isNotZero();
        assertThat(device.trace).noneMatch(line -> line.startsWith("enable"));
    }

    @Test
    void shouldGiveUpWhenAResetNeverEnds() {
        device.neverResets = true;
        device.status = 0xf;
        assertThat(refused()).hasMessageContaining("does not come out of its reset");
    }

    @Test
    void shouldGiveUpWhenTheConfigurationChangesOnAndOn() {
        device.generationMoves = true;
        assertThat(refused()).hasMessageContaining("changed its configuration");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldGiveUpWhenThereIsNoDevice() {
        device.isGone = true;
        assertThat(refused()).hasMessageContaining("not on the bus");
    }

    @Test
    void shouldGiveUpWhenAVectorIsNotThere() {
        device.vectors = 1;
        assertThatThrownBy(() -> open(2, true)).isInstanceOf(SetupException.class).hasMessageContaining("no vector 1");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldRefuseMoreQueuesThanTheDeviceHas() {
        assertThatThrownBy(() -> open(3, false)).isInstanceOf(SetupException.class).hasMessageContaining("2 queue pairs, not 3");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldGiveUpWhenAQueueIsNotifiedOutsideOfItsStructure() {
        device.notifyOffset = 0x800;
        assertThat(refused()).hasMessageContaining("to be notified at byte");
        assertThat(device.status & FAILED).isNotZero();
    }

    @Test
    void shouldSayWhichCommandTheDeviceRefuses() {
        open(1, false);
        device.answer = 1;
        assertThatThrownBy(card::start).isInstanceOf(SetupException.class).hasMessageContaining("refuses to take in all frames");
    }

    @Test
    void shouldNameWhatThereIsWhenAFeatureToWithholdIsNotKnown() {
        assertThatThrownBy(() -> new VirtioNet(device, settings(1, false, "PACKED"))).isInstanceOfSatisfying(SetupException.class,
            refusal -> assertThat(refusal.mend()).contains("RING_PACKED"));
    }

    // ---- capabilities that lie

    @Test
    void shouldPassOverCapabilitiesThatCannotBeUsed() {
        // Before the good ones: an unknown type, a reserved BAR, one beyond its BAR, one that is too short, a BAR that is absent.
        device.put(0x34, 1, 0xa0);
        device.capability(0xa0, 0xb0, 0x77, FakeVirtio.BAR, 0, 0x38);
        device.capability(0xb0, 0xc0, 1, 7, 0, 0x38);
        device.capability(0xc0, 0xd0, 1, FakeVirtio.BAR, 0x3fff_0000, 0x38);
        device.capability(0xd0, 0xe0, 1, FakeVirtio.BAR, 0x2000, 8);
        device.capability(0xe0, 0x40, 1, 2, 0, 0x38);

        open(1, false);

        assertThat(device.trace).contains("enable 0");
    }

    @Test
    void shouldUseNoMoreOfAStructureThanItsBarHolds() {
        device.capability(0x80, 0, 2, FakeVirtio.BAR, 0x3000, -1);
        device.put(0x82, 1, 20);

        open(1, false);

        assertThat(VirtioCapabilities.of(device).notification().length()).isEqualTo(0x1000);
    }

    @Test
    void shouldRefuseADeviceWhoseCapabilitiesAreMissing() {
        device.put(0x43, 1, 9);
        assertThat(refused()).hasMessageContaining("common configuration");
    }

    @Test
    void shouldDoWithoutFieldsThatLieBeyondTheStructure() {
        device.capability(0x68, 0x80, 4, FakeVirtio.BAR, 0x2000, 7);

        open(1, false).start();

        assertThat(device.accepted & 1 << 16).as("no status, so the link is up").isZero();
        assertThat(card.link().up()).isTrue();
        assertThat(device.accepted & 1 << 5).isNotZero();
    }

    // ---- what it tells

    @Test
    void shouldHaveALocalAddressWhenTheDeviceHasNone() {
        device.offered &= ~(1L << 5);
        assertThat(open(1, false).mac().octet(0) & 3).isEqualTo(2);
    }

    @Test
    void shouldTellTheLinkAndAcknowledgeAnAnnouncement() {
        device.offered |= 1 << 21 | 1L << 63;
        device.deviceConfig[13] = 0x10;
        open(1, false).start();
        assertThat(card.link()).isEqualTo(new LinkState(true, 0x1000, false));

        device.deviceConfig[6] = 3;
        device.deviceConfig[15] = (byte) 0xff;
        device.deviceConfig[16] = 9;
        assertThat(card.link()).as("unknown speed and duplex").isEqualTo(new LinkState(true, 0, true));
        assertThat(device.commands).last().isEqualTo("0300");

        device.deviceConfig[6] = 0;
        assertThat(card.link().up()).isFalse();
    }

    @Test
    void shouldSayThatTheLinkMayHaveChangedWhenTheConfigurationHas() {
        open(1, false).start();
        assertThat(card.disableInterrupt(0)).isFalse();
        assertThat(card.hadCause(0)).isFalse();

        device.generation++;
        assertThat(card.disableInterrupt(0)).isTrue();

        device.isr = 2;
        assertThat(card.disableInterrupt(0)).isTrue();
        assertThat(card.hadCause(0)).isTrue();

        device.isr = 1;
        assertThat(card.disableInterrupt(0)).isFalse();
        assertThat(card.hadCause(0)).isTrue();
    }

    // ---- recovery

    @Test
    void shouldBeAsItWasWithNewRingsWhenItAskedToBeReset() {
        open(2, false);
        card.promiscuous(true);
        card.start();
        final Object before = card.rxRing(1);
        device.status |= NEEDS_RESET;
        assertThat(card.needsReset()).isTrue();
        device.commands.clear();

        card.recover();

        assertThat(card.needsReset()).isFalse();
        assertThat(device.status).isEqualTo(0xf);
        assertThat(device.commands).contains("04000200", "000001");
        assertThat(device.queue(2, ENABLE)).isEqualTo(1);
        assertThat(device.mappings()).as("old rings and new").isEqualTo(2);
        for (int queue = 0; queue < 2; queue++) {
            assertThat(card.switchRxRing(queue)).isNotSameAs(before);
            card.switchTxRing(queue);
        }
        assertThat(device.mappings()).as("nobody uses the old ones").isEqualTo(1);
    }

    @Test
    void shouldKeepAllRingsThatAQueueMayUseWhenItIsResetAgain() {
        open(1, false).start();
        card.recover();
        card.switchRxRing(0);
        card.recover();
        assertThat(device.mappings()).isEqualTo(3);

        card.switchTxRing(0);
        assertThat(device.mappings()).as("receiving still uses the second").isEqualTo(2);
        card.switchRxRing(0);
        assertThat(device.mappings()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpWhenTheDeviceOffersOtherFeaturesAfterItsReset() {
        open(1, false).start();
        device.status |= NEEDS_RESET;
        device.offered &= ~(1L << 18);

        assertThatThrownBy(card::recover).isInstanceOf(SetupException.class).hasMessageContaining("no longer CTRL_RX");
        assertThat(device.status & FAILED).isNotZero();
    }

    // ---- what is planned with

    @Test
    void shouldSayWhatADeviceDoesNotOffer() {
        device.offered |= 1 << 3;
        device.deviceConfig[10] = (byte) 0x90;
        device.deviceConfig[11] = 5;
        final CardProfile profile =
            VirtioOffer.of(Profiles.builtIn().byName("virtio-net").orElseThrow(), device, Set.of("CTRL_RX"));

        assertThat(profile.offloads().get(Offload.TX_TCP_CHECKSUM).note()).isEqualTo("CSUM not offered by this device");
        assertThat(profile.offloads().get(Offload.MULTI_QUEUE).supported()).isTrue();
        assertThat(profile.rings().rxQueues()).isEqualTo(2);
        assertThat(profile.frames().maxMtu()).isEqualTo(0x590);
        assertThat(device.status).as("left reset").isZero();
    }

    @Test
    void shouldSayWhatIsWithheldFromADevice() {
        final CardProfile profile =
            VirtioOffer.of(Profiles.builtIn().byName("virtio-net").orElseThrow(), device, Set.of("MQ"));

        assertThat(profile.offloads().get(Offload.MULTI_QUEUE).note()).isEqualTo("MQ withheld as NicConfig.withoutFeatures asks");
        assertThat(profile.rings().rxQueues()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(VirtioFeature.class)
    void shouldLeaveNothingIncompleteWhenAFeatureIsMissing(final VirtioFeature missing) {
        final VirtioFeatures left = new VirtioFeatures(-1L).without(missing).consistent();

        assertThat(left.has(missing)).isFalse();
        for (final VirtioFeature feature : VirtioFeature.values()) {
            assertThat(!left.has(feature) || feature.needs().stream().allMatch(left::has)).as(feature.name()).isTrue();
        }
    }
}

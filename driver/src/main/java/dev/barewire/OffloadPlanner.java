package dev.barewire;

import dev.barewire.profiles.CardProfile;
import dev.barewire.profiles.Offload;
import dev.barewire.profiles.Quirk;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/** Makes the {@link OffloadPlan} of a card: what the profile offers, less its quirks, as the application wants it. */
final class OffloadPlanner {
    /** The quirk of a card with one switch for both. */
    private static final String INSERTS_ONLY_WITH_STRIP = "vlan-insert-with-strip";

    private final CardProfile profile;
    private final NicConfig config;
    private final boolean onQemu;
    private final CardSplit split;
    private final Map<Offload, OffloadPlan.Entry> entries = new EnumMap<>(Offload.class);

    private OffloadPlanner(final CardProfile profile, final NicConfig config, final boolean onQemu,
        final CardSplit split) {
        this.profile = profile;
        this.config = config;
        this.onQemu = onQemu;
        this.split = split;
    }

    /**
     * Makes a plan.
     *
     * @param split how the card puts headers apart with the buffers that there are
     * @throws SetupException if an offload is forced to where it cannot be
     */
    static OffloadPlan plan(final CardProfile profile, final NicConfig config, final boolean onQemu,
        final CardSplit split) {
        final OffloadPlanner planner = new OffloadPlanner(profile, config, onQemu, split);
        for (final Offload offload : Offload.values()) {
            planner.entries.put(offload, planner.resolve(offload));
        }
        return new OffloadPlan(planner.entries);
    }

    private OffloadPlan.Entry resolve(final Offload offload) {
        final Force force = config.force(offload);
        final String unwanted = unwanted(offload);
        final String lack = lack(offload);
        final boolean software = offload.hasSoftware();
        return switch (force) {
            case OFF -> absent("switched off");
            case HARDWARE -> {
                if (!unwanted.isEmpty() || !lack.isEmpty()) {
                    throw new SetupException("offload " + offload.label() + " is asked for in hardware, but "
                        + (lack.isEmpty() ? unwanted : lack),
                        "ask for it in software, or leave the choice to the driver");
                }
                yield hardware(offload);
            }
            case SOFTWARE -> {
                if (!software) {
                    throw new SetupException("offload " + offload.label() + " is asked for in software, but there is none",
                        "leave the choice to the driver, or switch the offload off");
                }
                yield unwanted.isEmpty() ? software("asked for software") : absent(unwanted);
            }
            case AUTO -> {
                if (!unwanted.isEmpty()) {
                    yield absent(unwanted);
                }
                final String reason = lack.isEmpty() ? danger(offload) : lack;
                yield reason.isEmpty() ? hardware(offload) : software ? software(reason) : absent(reason);
            }
        };
    }

    /** Why the configuration does not want an offload; empty if it does. */
    private String unwanted(final Offload offload) {
        return switch (offload) {
            case HEADER_SPLIT -> config.headerSplit().mode() == HeaderSplit.Mode.NONE ? "no split asked for" : "";
            case VLAN_STRIP -> config.vlanStrip() ? "" : "not asked for";
            case MULTI_QUEUE -> config.queues() == 1 ? "one queue asked for" : "";
            case JUMBO -> config.mtu() <= 1500 ? "the MTU is " + config.mtu() : "";
            default -> "";
        };
    }

    /** Why the card cannot do an offload; empty if it can. */
    private String lack(final Offload offload) {
        final CardProfile.Support support = profile.offloads().get(offload);
        if (!support.supported()) {
            return profile.name() + ": " + support.note();
        }
        final String quirk = because(candidate -> candidate.disables().contains(offload));
        if (!quirk.isEmpty()) {
            return quirk;
        }
        if (offload == Offload.HEADER_SPLIT) {
            return split.lack();
        }
        if (offload == Offload.VLAN_INSERT && !stripsInHardware()) {
            return profile.quirk(INSERTS_ONLY_WITH_STRIP, onQemu)
                .map(both -> profile.name() + ": " + both.description() + ", and tags are not stripped by the card").orElse("");
        }
        return "";
    }

    /** Why an offload that the card can do is better left to software; empty if it is not. */
    private String danger(final Offload offload) {
        return because(candidate -> candidate.avoids().contains(offload));
    }

    private String because(final Predicate<Quirk> wanted) {
        return profile.quirks().stream().filter(candidate -> candidate.applies(onQemu)).filter(wanted).findFirst()
            .map(quirk -> profile.name() + (onQemu ? " on QEMU: " : ": ") + quirk.description()).orElse("");
    }

    private boolean stripsInHardware() {
        final Force force = config.force(Offload.VLAN_STRIP);
        return config.vlanStrip() && (force == Force.AUTO || force == Force.HARDWARE);
    }

    private OffloadPlan.Entry hardware(final Offload offload) {
        final CardProfile.Support support = profile.offloads().get(offload);
        return new OffloadPlan.Entry(OffloadPlan.State.HARDWARE,
            profile.name() + ": " + support.note() + " (" + support.source() + ")");
    }

    private OffloadPlan.Entry software(final String reason) {
        return new OffloadPlan.Entry(OffloadPlan.State.SOFTWARE, reason);
    }

    private OffloadPlan.Entry absent(final String reason) {
        return new OffloadPlan.Entry(OffloadPlan.State.ABSENT, reason);
    }
}

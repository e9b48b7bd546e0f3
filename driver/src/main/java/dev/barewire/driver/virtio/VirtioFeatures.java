package dev.barewire.driver.virtio;

import dev.barewire.SetupException;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A set of features. The bits beyond 64 are of no device that this driver knows more of, and never looked at.
 *
 * @param bits the features' bits
 */
record VirtioFeatures(long bits) {
    /** No features. */
    static final VirtioFeatures NONE = new VirtioFeatures(0);

    /** {@return all features of a collection} */
    static VirtioFeatures of(final Collection<VirtioFeature> features) {
        return new VirtioFeatures(features.stream().mapToLong(VirtioFeature::mask).reduce(0, (all, one) -> all | one));
    }

    /**
     * Reads features by their names.
     *
     * @throws SetupException if there is no feature of a name
     */
    static VirtioFeatures named(final Collection<String> names) {
        return of(names.stream().map(name -> VirtioFeature.byName(name).orElseThrow(() -> new SetupException(
            "there is no virtio feature '" + name + "' that this driver knows",
            "name features of: " + Stream.of(VirtioFeature.values()).map(VirtioFeature::name)
                .collect(Collectors.joining(", "))))).toList());
    }

    boolean has(final VirtioFeature feature) {
        return (bits & feature.mask()) != 0;
    }

    VirtioFeatures and(final VirtioFeatures others) {
        return new VirtioFeatures(bits & others.bits);
    }

    VirtioFeatures without(final VirtioFeatures others) {
        return new VirtioFeatures(bits & ~others.bits);
    }

    VirtioFeatures without(final VirtioFeature... others) {
        return without(of(Stream.of(others).toList()));
    }

    /** What of these can be accepted: known, and with all that each needs (5.1.3.1). What has not is left out. */
    VirtioFeatures consistent() {
        VirtioFeatures left = and(of(Stream.of(VirtioFeature.values()).toList()));
        for (long before = 0; before != left.bits;) {
            before = left.bits;
            for (final VirtioFeature feature : VirtioFeature.values()) {
                if (!left.hasAll(feature.needs())) {
                    left = left.without(feature);
                }
            }
            if (!left.has(VirtioFeature.HOST_TSO4) && !left.has(VirtioFeature.HOST_TSO6)) {
                left = left.without(VirtioFeature.HOST_ECN);
            }
            if (!left.has(VirtioFeature.GUEST_TSO4) && !left.has(VirtioFeature.GUEST_TSO6)) {
                left = left.without(VirtioFeature.GUEST_ECN);
            }
        }
        return left;
    }

    private boolean hasAll(final Collection<VirtioFeature> features) {
        return features.stream().allMatch(this::has);
    }

    /** The names of the features that are known, in order of their bits. */
    @Override
    public String toString() {
        return Stream.of(VirtioFeature.values()).filter(this::has).map(VirtioFeature::name)
            .collect(Collectors.joining(" "));
    }
}

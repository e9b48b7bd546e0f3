package dev.barewire.profiles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The known cards: those that come with Barewire, and those of a folder of one's own. */
public final class Profiles {
    private final List<CardProfile> profiles;

    private Profiles(final List<CardProfile> profiles) {
        this.profiles = List.copyOf(profiles);
    }

    /**
     * Loads the profiles that come with Barewire.
     *
     * @return them all
     */
    public static Profiles builtIn() {
        final List<CardProfile> loaded = new ArrayList<>();
        for (final String file : resource("index.txt").lines().toList()) {
            loaded.add(ProfileReader.read(file, resource(file)));
        }
        return checked(loaded);
    }

    /**
     * Adds profiles of a folder; one with the name of a known card takes its place.
     *
     * @param folder with {@code *.toml} in it
     * @return these and those
     * @throws ProfileException naming file, line and key of a bad one
     */
    public Profiles with(final Path folder) {
        final List<CardProfile> all = new ArrayList<>(profiles);
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(path -> path.toString().endsWith(".toml")).sorted().toList()) {
                final CardProfile added = read(file);
                all.removeIf(known -> known.name().equals(added.name()));
                all.add(added);
            }
        } catch (final IOException unreadable) {
            throw new ProfileException("cannot read the profiles in " + folder + ": " + unreadable.getMessage());
        }
        return checked(all);
    }

    /**
     * Reads one profile.
     *
     * @param file a TOML file
     * @return what it says
     * @throws ProfileException naming file, line and key where it is bad
     */
    public static CardProfile read(final Path file) {
        try {
            return ProfileReader.read(file.toString(), Files.readString(file));
        } catch (final IOException unreadable) {
            throw new ProfileException("cannot read the profile " + file + ": " + unreadable.getMessage());
        }
    }

    /**
     * All cards.
     *
     * @return their profiles
     */
    public List<CardProfile> all() {
        return profiles;
    }

    /**
     * Finds a card by its PCI id.
     *
     * @param id vendor and device
     * @return its profile, or nothing
     */
    public Optional<CardProfile> byId(final PciId id) {
        return profiles.stream().filter(profile -> profile.ids().contains(id)).findFirst();
    }

    /**
     * Finds a card by its name or by what QEMU calls it.
     *
     * @param name such as {@code 82540EM} or {@code e1000}, in any case
     * @return its profile, or nothing
     */
    public Optional<CardProfile> byName(final String name) {
        return profiles.stream()
            .filter(profile -> profile.name().equalsIgnoreCase(name) || profile.qemuDevice().equalsIgnoreCase(name))
            .findFirst();
    }

    private static Profiles checked(final List<CardProfile> profiles) {
        final Map<PciId, CardProfile> owners = new HashMap<>();
        for (final CardProfile profile : profiles) {
            for (final PciId id : profile.ids()) {
                final CardProfile other = owners.putIfAbsent(id, profile);
                if (other != null) {
                    throw new ProfileException(
                        "id " + id + " is claimed by " + other.name() + " and by " + profile.name());
                }
            }
        }
        return new Profiles(profiles);
    }

    private static String resource(final String name) {
        try (InputStream stream = Profiles.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new ProfileException("the built-in profile " + name + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

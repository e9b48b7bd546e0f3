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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The known cards: those that come with Barewire, and those of a folder of one's own. No two of them have a name, a PCI
 * id or a QEMU device in common.
 */
public final class Profiles {
    private final List<Entry> entries;

    private Profiles(final List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** A profile and the file that it came from. */
    private record Entry(String file, CardProfile profile) {
    }

    /** Parsed once, when first asked for: the first TOML file that a JVM reads costs some 90 ms. */
    private static final class BuiltIn {
        private static final Profiles PROFILES = checked(resource("index.txt").lines()
            .map(file -> new Entry(file, ProfileReader.read(file, resource(file)))).toList());
    }

    /**
     * The profiles that come with Barewire.
     *
     * @return them all
     */
    public static Profiles builtIn() {
        return BuiltIn.PROFILES;
    }

    /** Begins to load the built-in profiles on a thread of its own, so that the caller can do other things meanwhile. */
    public static void prefetch() {
        Thread.ofPlatform().daemon().name("barewire-profiles").start(Profiles::builtIn);
    }

    /**
     * Adds profiles of a folder; one with the name of a known card takes its place.
     *
     * @param folder with {@code *.toml} in it
     * @return these and those
     * @throws ProfileException naming file, line and key of a bad one, or two files that claim the same
     */
    public Profiles with(final Path folder) {
        final List<Entry> added = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(path -> path.toString().endsWith(".toml")).sorted().toList()) {
                added.add(new Entry(file.toString(), read(file)));
            }
        } catch (final IOException unreadable) {
            throw new ProfileException("cannot read the profiles in " + folder + ": " + unreadable.getMessage());
        }
        final Set<String> names = added.stream().map(entry -> key(entry.profile().name())).collect(Collectors.toSet());
        return checked(Stream.concat(
            entries.stream().filter(entry -> !names.contains(key(entry.profile().name()))), added.stream()).toList());
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
        return entries.stream().map(Entry::profile).toList();
    }

    /**
     * Finds a card by its PCI id.
     *
     * @param id vendor and device
     * @return its profile, or nothing
     */
    public Optional<CardProfile> byId(final PciId id) {
        return all().stream().filter(profile -> profile.ids().contains(id)).findFirst();
    }

    /**
     * Finds a card by its name or by what QEMU calls it.
     *
     * @param name such as {@code 82540EM} or {@code e1000}, in any case
     * @return its profile, or nothing
     */
    public Optional<CardProfile> byName(final String name) {
        return all().stream()
            .filter(profile -> profile.name().equalsIgnoreCase(name)
                || !profile.qemuDevice().isEmpty() && profile.qemuDevice().equalsIgnoreCase(name))
            .findFirst();
    }

    private static Profiles checked(final List<Entry> entries) {
        final Map<String, String> owners = new HashMap<>();
        for (final Entry entry : entries) {
            for (final String claim : claims(entry.profile())) {
                final String other = owners.putIfAbsent(key(claim), entry.file());
                if (other != null) {
                    throw new ProfileException(entry.file() + ": " + claim + " is claimed by " + other + " already");
                }
            }
        }
        return new Profiles(entries);
    }

    private static List<String> claims(final CardProfile profile) {
        final List<String> claims = new ArrayList<>();
        claims.add("name '" + profile.name() + "'");
        profile.ids().forEach(id -> claims.add("id " + id));
        if (!profile.qemuDevice().isEmpty()) {
            claims.add("qemu-device '" + profile.qemuDevice() + "'");
        }
        return claims;
    }

    private static String key(final String name) {
        return name.toLowerCase(Locale.ROOT);
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

package dev.barewire.profiles;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads one profile. Every fault names file, line and key. */
final class ProfileReader {
    private static final Pattern ID = Pattern.compile("([0-9a-f]{4}):([0-9a-f]{4})");

    private final String file;
    private final TomlParseResult root;

    private ProfileReader(final String file, final TomlParseResult root) {
        this.file = file;
        this.root = root;
    }

    static CardProfile read(final String file, final String text) {
        final TomlParseResult result = Toml.parse(text);
        if (result.hasErrors()) {
            final var first = result.errors().getFirst();
            throw new ProfileException(file + ":" + first.position().line() + ":" + first.position().column()
                + ": " + first.getMessage());
        }
        return new ProfileReader(file, result).profile();
    }

    private CardProfile profile() {
        final Table top = new Table(root, "", null,
            Set.of("name", "vendor", "family", "ids", "qemu-device", "qemu-subsystem", "interrupts", "rings", "frames",
                "header-split", "offloads", "quirks"));
        return new CardProfile(top.text("name"), top.text("vendor"), top.text("family"), ids(top),
            top.optionalText("qemu-device"), qemuSubsystem(top), top.oneOf("interrupts", Set.of("intx", "msi", "msix")),
            rings(top.table("rings", Set.of("rx-queues", "tx-queues", "min-descriptors", "max-descriptors",
                "descriptor-multiple", "rx-buffer-sizes", "tx-data-limit", "tx-segments"))),
            frames(top.table("frames", Set.of("min-mtu", "max-mtu"))), split(top),
            offloads(top.table("offloads", labels())), quirks(top));
    }

    private static Optional<PciId> qemuSubsystem(final Table top) {
        return top.optionalText("qemu-subsystem").isEmpty() ? Optional.empty()
            : Optional.of(id(top, "qemu-subsystem", top.text("qemu-subsystem")));
    }

    private static PciId id(final Table table, final String key, final Object item) {
        final Matcher matcher = ID.matcher(String.valueOf(item));
        if (!matcher.matches()) {
            throw table.fault(key, "must hold ids such as \"8086:100e\", has " + item);
        }
        return new PciId(Integer.parseInt(matcher.group(1), 16), Integer.parseInt(matcher.group(2), 16));
    }

    private List<PciId> ids(final Table top) {
        final List<PciId> ids = new ArrayList<>();
        for (final Object item : top.list("ids")) {
            final PciId id = id(top, "ids", item);
            if (ids.contains(id)) {
                throw top.fault("ids", "has " + id + " twice");
            }
            ids.add(id);
        }
        return List.copyOf(ids);
    }

    private CardProfile.Rings rings(final Table table) {
        final int multiple = table.number("descriptor-multiple", 1, 4096);
        final int min = table.number("min-descriptors", 1, 65536);
        final int max = table.number("max-descriptors", min, 65536);
        table.multiple("min-descriptors", min, multiple);
        table.multiple("max-descriptors", max, multiple);
        return new CardProfile.Rings(table.number("rx-queues", 1, 1024), table.number("tx-queues", 1, 1024), min, max,
            multiple, sizes(table, "rx-buffer-sizes"), table.number("tx-data-limit", 64, 1 << 20),
            table.number("tx-segments", 1, 1024));
    }

    private static List<Integer> sizes(final Table table, final String key) {
        final List<Integer> sizes = new ArrayList<>();
        for (final Object item : table.list(key)) {
            if (!(item instanceof Long size) || size < 64 || size > 65536 || size % 64 != 0
                || !sizes.isEmpty() && size <= sizes.getLast()) {
                throw table.fault(key, "must hold ascending multiples of 64 up to 65536, has " + item);
            }
            sizes.add(size.intValue());
        }
        return List.copyOf(sizes);
    }

    private Optional<CardProfile.Split> split(final Table top) {
        if (!top.toml.contains("header-split")) {
            return Optional.empty();
        }
        final Table table = top.table("header-split",
            Set.of("header-sizes", "payload-sizes", "payload-buffers", "by-length", "in-front"));
        return Optional.of(new CardProfile.Split(sizes(table, "header-sizes"), sizes(table, "payload-sizes"),
            table.number("payload-buffers", 1, 64), table.toml.contains("by-length") && table.flag("by-length"),
            table.toml.contains("in-front") ? table.number("in-front", 0, 64) : 0));
    }

    private CardProfile.Frames frames(final Table table) {
        final int min = table.number("min-mtu", 46, 65535);
        return new CardProfile.Frames(min, table.number("max-mtu", min, 65535));
    }

    private Map<Offload, CardProfile.Support> offloads(final Table table) {
        final Map<Offload, CardProfile.Support> offloads = new EnumMap<>(Offload.class);
        for (final Offload offload : Offload.values()) {
            final Table entry = table.table(offload.label(), Set.of("supported", "note", "source"));
            offloads.put(offload,
                new CardProfile.Support(entry.flag("supported"), entry.text("note"), entry.text("source")));
        }
        return offloads;
    }

    private List<Quirk> quirks(final Table top) {
        final List<Quirk> quirks = new ArrayList<>();
        final TomlArray array = top.toml.contains("quirks") ? top.list("quirks", TomlArray.class) : null;
        for (int i = 0; array != null && i < array.size(); i++) {
            if (!(array.get(i) instanceof TomlTable entry)) {
                throw top.fault("quirks", "must hold tables");
            }
            final Table table = new Table(entry, "quirks.", array.inputPositionOf(i),
                Set.of("id", "applies", "disables", "avoids", "description", "source"));
            final String id = table.text("id");
            if (quirks.stream().anyMatch(known -> known.id().equals(id))) {
                throw table.fault("id", "has '" + id + "', which an earlier quirk has too");
            }
            final String where = table.oneOf("applies", Set.of("qemu", "silicon", "all"));
            quirks.add(new Quirk(id, Quirk.Where.valueOf(where.toUpperCase(Locale.ROOT)),
                offloads(table, "disables"), offloads(table, "avoids"), table.text("description"), table.text("source")));
        }
        return List.copyOf(quirks);
    }

    private List<Offload> offloads(final Table table, final String key) {
        final List<Offload> offloads = new ArrayList<>();
        if (table.toml.contains(key)) {
            for (final Object item : table.list(key)) {
                offloads.add(Offload.byLabel(String.valueOf(item)).orElseThrow(() ->
                    table.fault(key, "has '" + item + "', which is no offload" + nearest(String.valueOf(item), labels()))));
            }
        }
        return List.copyOf(offloads);
    }

    private static Set<String> labels() {
        final Set<String> labels = new TreeSet<>();
        for (final Offload offload : Offload.values()) {
            labels.add(offload.label());
        }
        return labels;
    }

    private static String nearest(final String name, final Set<String> known) {
        return known.stream()
            .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
            .filter(best -> distance(name, best) <= Math.max(2, name.length() / 3))
            .map(best -> "; did you mean '" + best + "'?")
            .orElse("; known are " + String.join(", ", new TreeSet<>(known)));
    }

    /** Levenshtein's distance. */
    private static int distance(final String a, final String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int swap = row[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(swap, 1 + Math.min(row[j], next[j - 1]));
            }
            row = next;
        }
        return row[b.length()];
    }

    /** A table of the file that knows its own place, for messages. */
    private final class Table {
        private final TomlTable toml;
        private final String prefix;
        private final TomlPosition start;

        Table(final TomlTable toml, final String prefix, final TomlPosition start, final Set<String> known) {
            this.toml = toml;
            this.prefix = prefix;
            this.start = start;
            for (final String key : toml.keySet()) {
                if (!known.contains(key)) {
                    throw fault(key, "is unknown" + nearest(key, known));
                }
            }
        }

        Table table(final String key, final Set<String> known) {
            return new Table(value(key, TomlTable.class, "a table"), prefix + key + ".",
                toml.inputPositionOf(List.of(key)), known);
        }

        String text(final String key) {
            final String text = value(key, String.class, "a text");
            if (text.isBlank()) {
                throw fault(key, "must not be empty");
            }
            return text;
        }

        String optionalText(final String key) {
            return toml.contains(List.of(key)) ? text(key) : "";
        }

        String oneOf(final String key, final Set<String> allowed) {
            final String text = text(key);
            if (!allowed.contains(text)) {
                throw fault(key, "must be one of " + String.join(", ", new TreeSet<>(allowed)) + ", is '" + text + "'");
            }
            return text;
        }

        boolean flag(final String key) {
            return value(key, Boolean.class, "true or false");
        }

        int number(final String key, final int min, final int max) {
            final long number = value(key, Long.class, "a whole number");
            if (number < min || number > max) {
                throw fault(key, "must be from " + min + " to " + max + ", is " + number);
            }
            return (int) number;
        }

        void multiple(final String key, final int number, final int unit) {
            if (number % unit != 0) {
                throw fault(key, "must be a multiple of " + unit + ", is " + number);
            }
        }

        List<Object> list(final String key) {
            final TomlArray array = list(key, TomlArray.class);
            if (array.isEmpty()) {
                throw fault(key, "must not be empty");
            }
            return array.toList();
        }

        TomlArray list(final String key, final Class<TomlArray> type) {
            return value(key, type, "a list");
        }

        private <T> T value(final String key, final Class<T> type, final String what) {
            final Object value = toml.get(List.of(key));
            if (value == null) {
                throw fault(key, "is missing");
            }
            if (!type.isInstance(value)) {
                throw fault(key, "must be " + what + ", is " + value);
            }
            return type.cast(value);
        }

        /** A fault of a key; it stands where the key does or, where the key is missing, where its table does. */
        ProfileException fault(final String key, final String fault) {
            final TomlPosition own = toml.inputPositionOf(List.of(key));
            final TomlPosition at = own == null ? start : own;
            final String place = at == null ? "" : ":" + at.line() + ":" + at.column();
            return new ProfileException(file + place + ": key '" + prefix + key + "' " + fault);
        }
    }
}

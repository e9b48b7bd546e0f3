package dev.barewire.tools.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One entry of apt's sources (sources.list(5)).
 *
 * @param uris the mirrors
 * @param suites the suites, {@code bookworm-updates}
 * @param components the components, {@code main}
 * @param signedBy the key ring or key that the entry names; empty if none
 */
record AptSource(List<String> uris, List<String> suites, List<String> components, String signedBy) {
    private static final Pattern LINE = Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");

    /** {@return the binary package entries of a {@code sources.list} file, one a line} */
    static List<AptSource> parseList(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (matcher.matches()) {
                String options = matcher.group(1) == null ? "" : matcher.group(1);
                String key = words(options).stream().filter(option -> option.startsWith("signed-by="))
                        .map(option -> option.substring("signed-by=".length())).findFirst().orElse("");
                sources.add(new AptSource(List.of(matcher.group(2)), List.of(matcher.group(3)),
                        words(matcher.group(4)), key));
            }
        }
        return sources;
    }

    /** {@return the enabled binary package entries of a deb822 {@code .sources} file} */
    static List<AptSource> parseDeb822(String text) {
        List<AptSource> sources = new ArrayList<>();
        String withoutComments = text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
        for (String stanza : withoutComments.split("\n\\s*\n")) {
            Map<String, String> fields = fields(stanza);
            boolean enabled = !fields.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
            if (enabled && words(fields.getOrDefault("types", "")).contains("deb")) {
                sources.add(new AptSource(words(fields.getOrDefault("uris", "")), words(fields.getOrDefault("suites", "")),
                        words(fields.getOrDefault("components", "")), fields.getOrDefault("signed-by", "")));
            }
        }
        return sources;
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new HashMap<>();
        String name = "";
        for (String line : stanza.lines().toList()) {
            if (!line.isEmpty() && Character.isWhitespace(line.charAt(0))) {
                fields.merge(name, line, (value, more) -> value + "\n" + more);
            } else if (line.contains(":")) {
                name = line.substring(0, line.indexOf(':')).strip().toLowerCase();
                fields.put(name, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return fields;
    }

    /**
     * Narrows the machine's sources to Debian's own for one release, and adds the backports suite to the mirror that has
     * the release itself. Other vendors' archives are left out: they are not needed and may not answer.
     *
     * @param sources all entries of the machine
     * @param codename the release, {@code bookworm}
     * @return the narrowed entries; empty if no entry names a mirror of the release
     */
    static List<AptSource> debian(List<AptSource> sources, String codename) {
        Set<String> known = Set.of(codename, codename + "-updates", codename + "-security");
        Set<AptSource> narrowed = new LinkedHashSet<>();
        for (AptSource source : sources) {
            List<String> suites = source.suites.stream().filter(known::contains).toList();
            if (!suites.isEmpty() && source.components.contains("main") && source.isDebian()) {
                narrowed.add(new AptSource(source.uris, suites, List.of("main"), source.signedBy));
            }
        }
        Optional<AptSource> release = narrowed.stream().filter(source -> source.suites.contains(codename)).findFirst();
        release.ifPresent(source -> narrowed.add(
                new AptSource(source.uris, List.of(codename + "-backports"), List.of("main"), source.signedBy)));
        return release.isPresent() ? List.copyOf(narrowed) : List.of();
    }

    private boolean isDebian() {
        return uris.stream().allMatch(uri -> uri.contains("debian.org") || uri.matches(".*/debian[^/]*/*"));
    }

    /** {@return the entry as a deb822 stanza} */
    String stanza() {
        String signature = signedBy.isEmpty() ? "" : "Signed-By: " + signedBy + "\n";
        return "Types: deb\nURIs: " + String.join(" ", uris) + "\nSuites: " + String.join(" ", suites)
                + "\nComponents: " + String.join(" ", components) + "\n" + signature;
    }

    private static List<String> words(String text) {
        return Stream.of(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }
}

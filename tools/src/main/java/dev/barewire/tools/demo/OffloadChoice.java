package dev.barewire.tools.demo;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code NAME=hardware|software|off}, where a name is an offload's or stands for several. */
public final class OffloadChoice {
    private static final Map<String, List<Offload>> GROUPS = new LinkedHashMap<>(Map.of(
            "rx-checksum", List.of(Offload.RX_IP_CHECKSUM, Offload.RX_TCP_CHECKSUM, Offload.RX_UDP_CHECKSUM),
            "tx-checksum", List.of(Offload.TX_IP_CHECKSUM, Offload.TX_TCP_CHECKSUM, Offload.TX_UDP_CHECKSUM)));
    private static final Map<String, Force> FORCES =
            Map.of("hardware", Force.HARDWARE, "software", Force.SOFTWARE, "off", Force.OFF);

    private OffloadChoice() {
    }

    /**
     * Reads choices; a later one outdoes an earlier one.
     *
     * @param choices such as {@code tx-checksum=software}
     * @return what is forced
     * @throws IllegalArgumentException saying what can be chosen
     */
    public static Map<Offload, Force> parse(List<String> choices) {
        Map<Offload, Force> forced = new EnumMap<>(Offload.class);
        for (String choice : choices) {
            int at = choice.indexOf('=');
            Force force = at < 0 ? null : FORCES.get(choice.substring(at + 1));
            if (force == null) {
                throw new IllegalArgumentException("--offload " + choice
                        + " does not say what is wanted: write NAME=hardware, NAME=software or NAME=off");
            }
            offloads(choice.substring(0, at)).forEach(offload -> forced.put(offload, force));
        }
        return forced;
    }

    private static List<Offload> offloads(String name) {
        List<Offload> group = GROUPS.get(name);
        return group != null ? group : List.of(Offload.byLabel(name).orElseThrow(() -> new IllegalArgumentException(
                "--offload " + name + ": there is no such offload. There are: " + names())));
    }

    /** {@return all names, those that stand for several first} */
    static String names() {
        return Stream.concat(GROUPS.keySet().stream().sorted(), Stream.of(Offload.values()).map(Offload::label))
                .collect(Collectors.joining(", "));
    }
}

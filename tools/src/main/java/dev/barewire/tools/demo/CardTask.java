package dev.barewire.tools.demo;

import dev.barewire.Force;
import dev.barewire.profiles.Offload;
import dev.barewire.tools.demo.transfer.FileShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the {@link CardProgram} is to do; these are its arguments, {@code name=value} each.
 *
 * @param device the card, such as {@code vfio:0000:00:03.0}
 * @param mtu the card's MTU
 * @param file the file that comes and goes
 * @param target where it is written
 * @param offloads what is forced
 */
record CardTask(String device, int mtu, FileShape file, Path target, Map<Offload, Force> offloads) {
    private static final String FORCE = "force.";

    /** {@return the arguments that {@link #parse} reads} */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("device=" + device, "mtu=" + mtu,
                "fileBytes=" + file.fileBytes(), "chunkBytes=" + file.chunkBytes(), "target=" + target));
        offloads.forEach((offload, force) -> arguments.add(FORCE + offload.name() + "=" + force.name()));
        return arguments;
    }

    /**
     * Reads arguments.
     *
     * @param arguments as {@link #arguments()} gives them
     * @return the task
     */
    static CardTask parse(String... arguments) {
        String device = "";
        int mtu = 0;
        int fileBytes = 0;
        int chunkBytes = 0;
        Path target = null;
        Map<Offload, Force> offloads = new EnumMap<>(Offload.class);
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            String name = argument.substring(0, Math.max(at, 0));
            String value = argument.substring(at + 1);
            switch (name) {
                case "device" -> device = value;
                case "mtu" -> mtu = Integer.parseInt(value);
                case "fileBytes" -> fileBytes = Integer.parseInt(value);
                case "chunkBytes" -> chunkBytes = Integer.parseInt(value);
                case "target" -> target = Path.of(value);
                default -> {
                    if (!name.startsWith(FORCE)) {
                        throw new IllegalArgumentException("not understood: " + argument);
                    }
                    offloads.put(Offload.valueOf(name.substring(FORCE.length())), Force.valueOf(value));
                }
            }
        }
        return new CardTask(device, mtu, new FileShape(fileBytes, chunkBytes), target, offloads);
    }
}

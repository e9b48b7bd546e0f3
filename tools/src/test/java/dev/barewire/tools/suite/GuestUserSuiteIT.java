package dev.barewire.tools.suite;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The card suite in a guest as an ordinary user: what it has of its own is the VFIO files of the card's group, and as much
 * locked memory as it asks for.
 */
class GuestUserSuiteIT extends Guest82574SuiteIT {
    /** Ends without any right of root's; the folders that lead to this class path may be root's alone. */
    private static final String SCRIPT = """
        chmod a+x $FOLDERS
        for card in /sys/bus/pci/drivers/vfio-pci/0000:*; do
            chown 65534 "/dev/vfio/$(basename "$(readlink "$card/iommu_group")")"
        done
        ulimit -l unlimited
        exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
        """;

    @Override
    List<String> options() {
        return List.of(SuiteMain.WITHOUT_MATRIX);
    }

    @Override
    List<String> started(List<String> suite) {
        List<String> command = new ArrayList<>(
            List.of("sh", "-c", SCRIPT.replace("$FOLDERS", String.join(" ", folders())), "sh"));
        command.addAll(suite);
        return command;
    }

    private static Set<String> folders() {
        Set<String> folders = new LinkedHashSet<>();
        String all = System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("java.home");
        for (String entry : all.split(File.pathSeparator)) {
            for (Path folder = Path.of(entry).toAbsolutePath().getParent(); folder != null; folder = folder.getParent()) {
                folders.add("'" + folder + "'");
            }
        }
        folders.remove("'/'");
        return folders;
    }
}

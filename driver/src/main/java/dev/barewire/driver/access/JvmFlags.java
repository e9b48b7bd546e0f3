package dev.barewire.driver.access;

import dev.barewire.SetupException;
import java.util.ArrayList;
import java.util.List;

/** What a JVM must be started with. */
public final class JvmFlags {
    private static final String INTERNAL = "jdk.internal.misc";

    private JvmFlags() {
    }

    /**
     * Names the flags that this JVM was started without.
     *
     * @return the missing flags, as they are given to {@code java}; empty if none is
     */
    public static List<String> missing() {
        final Module self = JvmFlags.class.getModule();
        final List<String> flags = new ArrayList<>();
        if (!self.isNativeAccessEnabled()) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (!Object.class.getModule().isExported(INTERNAL, self)) {
            flags.add("--add-exports=java.base/" + INTERNAL + "=ALL-UNNAMED");
        }
        return flags;
    }

    /**
     * Checks them.
     *
     * @throws SetupException naming exactly what is missing
     */
    public static void check() {
        final List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new SetupException("this JVM was started without " + String.join(" ", missing)
                + ", which system calls and queues between threads need", "java " + String.join(" ", missing) + " ...");
        }
    }
}
